"""Put the page together: contents and pictures in, one file out that needs nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reports import headlines, words
from reports.claims import headline_claim
from reports.contents import Contents
from reports.pack_rows import latest
from reports.page.figures import figures_json, left_out
from reports.page.glossary import TERMS
from reports.page.indicators import indicator_articles
from reports.page.inequality import inequality_section, life_section
from reports.page.league import league_table
from reports.page.localities import locality_table
from reports.page.method import methods_table, published_sources, settings_table, sources_table
from reports.page.peers import peer_table
from reports.page.pictures import Gallery
from reports.page.plan import plan_table
from reports.page.programmes import pathway_table, programme_table
from reports.page.quality import (
    completeness_sentence,
    completeness_table,
    counts_table,
    findings_table,
    quality_sentence,
)
from reports.page.rendering import render
from reports.page.scripts import script
from reports.page.summary import cards
from reports.page.trends import trend_section
from reports.picture import Picture
from reports.tree import Tree

STYLES = ("page.css", "charts.css")
# Sections of a sentence and a table, in their order; a pack without the figures has none of them.
FURTHER = (trend_section, inequality_section, life_section)
HERE = Path(__file__).parent


def write_page(contents: Contents, pictures: Sequence[Picture], path: Path) -> None:
    """Write the page of a pack.

    Parameters
    ----------
    contents
        The tables and words of the pack.
    pictures
        Charts that ``reports.chartbook.draw`` made of the same contents; their files are read and put
        into the page.
    path
        File to write, ``index.html`` as a rule. The same contents and pictures give the same bytes.
    """
    path.write_text(page_html(contents, Gallery.load(pictures)), encoding="utf-8", newline="\n")


def page_html(contents: Contents, gallery: Gallery) -> str:
    """Return the page as text."""
    figures, not_explored = figures_json(contents), left_out(contents)  # of all periods
    # Each indicator in the pack's period, or in its own last one where it has none then.
    contents = replace(
        contents,
        comparison=latest(contents.comparison, contents.period),
        variation=latest(contents.variation, contents.period),
    )
    style = "\n".join((HERE / name).read_text(encoding="utf-8") for name in STYLES)
    group_kind = Tree(contents).group_kind
    listed, others = indicator_articles(contents)
    return render(
        "page/template.html",
        contents,
        style=style,
        script=script(),
        figures=figures,
        left_out=not_explored,
        claim=headline_claim(contents).label,
        sentences=headlines.overall(contents)[::2],  # the biggest, which the second names, are cards
        cards=cards(contents),
        gallery=gallery,
        league=league_table(contents),
        programmes=programme_table(contents),
        pathways=pathway_table(contents),
        listed=listed,
        others=others,
        localities=locality_table(contents),
        finest=words.kind_name(Tree(contents).finest, 2),
        groups_title=words.sentence_case(words.kind_name(group_kind, 2)),
        further=[section for make in FURTHER if (section := make(contents)) is not None],
        plan=plan_table(contents),
        peers=peer_table(contents),
        quality=quality_sentence(contents),
        completeness=completeness_sentence(contents),
        completeness_lacking=completeness_table(contents),
        findings_counts=counts_table(contents),
        findings=findings_table(contents),
        methods=methods_table(contents),
        settings=settings_table(contents),
        sources=sources_table(contents),
        publications=published_sources(contents),
        terms=TERMS,
    )
