"""Put the booklet together: contents and pictures in, one PDF out."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from reports import headlines
from reports.booklet.facts import Facts
from reports.booklet.indicators import indicator_pages
from reports.booklet.listing import listing
from reports.booklet.localities import locality_pages
from reports.booklet.pictures import Album
from reports.booklet.printing import about_pack, print_booklet
from reports.booklet.programmes import programme_pages
from reports.booklet.questions import questions
from reports.booklet.reading import READING
from reports.contents import Contents
from reports.pack_rows import latest, quick
from reports.page.glossary import TERMS
from reports.page.method import methods_table, published_sources
from reports.page.plan import plan_table
from reports.page.quality import counts_table, quality_sentence
from reports.page.summary import cards
from reports.picture import Picture
from reports.tree import Tree
from reports.words import date_in_full, kind_name, sentence_case


def write_booklet(contents: Contents, pictures: Sequence[Picture], path: Path) -> None:
    """Write the booklet of a pack.

    Parameters
    ----------
    contents
        The tables and words of the pack.
    pictures
        Charts that ``reports.chartbook.draw`` made of the same contents; their files are put into the PDF.
    path
        File to write, ``booklet.pdf`` as a rule. The same contents, pictures and fonts give the same bytes.
    """
    album = Album(tuple(pictures))
    print_booklet("reports.booklet", booklet(contents, album), album, path)


def booklet(contents: Contents, album: Album) -> dict[str, Any]:
    """Return everything that the layout prints, as plain texts and lists."""
    asked = {code: questions(contents, code, Tree(contents).finest) for code in album.indicators()}
    contents = replace(
        contents,
        comparison=latest(quick(contents.comparison), contents.period),
        opportunity=quick(contents.opportunity),
        variation=latest(contents.variation, contents.period),
    )
    facts = Facts(contents)
    plan, methods, findings = plan_table(contents), methods_table(contents), counts_table(contents)
    return {
        **about_pack(contents),
        "subtitle": contents.subtitle,
        "notice": contents.notice,
        "dated": date_in_full(contents.made),
        "reading": [{"title": title, "words": words} for title, words in READING],
        "headline": headlines.overall(contents)[::2],  # the biggest, which the second names, are cards
        "cards": [asdict(card) for card in cards(contents)],
        "opportunity": [asdict(one) for one in album.kind("opportunity")],
        "plan": None
        if plan is None
        else {"table": asdict(listing(plan)), "pictures": _all(album.kind("plan") + album.kind("bridge"))},
        "made_of": _all(album.kind("league")),
        "spent": _all(album.kind("quadrant")),
        "programmes": _all(programme_pages(facts, album)),
        "indicators": _all(indicator_pages(contents, album, asked)),
        "localities": _all(locality_pages(facts, album)),
        "localities_title": sentence_case(kind_name(Tree(contents).group_kind, 2)),
        "methods": None if methods is None else asdict(listing(methods)),
        "quality": quality_sentence(contents),
        "findings": None if findings is None else asdict(listing(findings)),
        "publications": published_sources(contents),
        "glossary": TERMS,
    }


def _all(pages: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(page) for page in pages]
