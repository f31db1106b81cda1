"""What a spreadsheet program demands of an .xlsx before it opens it without repair, checked part by part.

From ECMA-376 (Office Open XML, SpreadsheetML) and Excel's published specifications and limits. There is no Excel
where these tests run; a file that keeps every rule here is as near as one comes without it.
"""

import io
import math
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import column_index_from_string, get_column_letter, range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_TEXT, LONGEST_FORMULA, LONGEST_SHEET_NAME = 32_767, 8_192, 31
LONGEST_LIST, LONGEST_HEADER = 255, 255
MOST_LOOKS, MOST_FORMATS, MOST_LINKS = 65_490, 250, 65_530
HIGHEST_ROW, WIDEST_COLUMN = 409.5, 255.0
ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate"),
    *(
        "customSheetViews",
        "mergeCells",
        "phoneticPr",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
    ),
    *(
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "customProperties",
    ),
    *("cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture"),
    *("oleObjects", "controls", "webPublishItems", "tableParts", "extLst"),
)
LEGAL_NAME = re.compile(r"[A-Za-z_\\][A-Za-z0-9_.\\]*")
LIKE_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*")
ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]+)")
SHEET_OF_FORMULA = re.compile(r"'((?:[^']|'')+)'!")
STRING_OF_FORMULA = re.compile(r'"[^"]*"')
RESERVED = re.compile(r"history", re.IGNORECASE)


@dataclass
class Book:
    """A file's parts, and what its sheets share."""

    parts: dict[str, bytes]
    faults: list[str] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)  # name -> path
    strings: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    looks: int = 0
    differential_looks: int = 0
    table_ids: set[str] = field(default_factory=set)

    def fault(self, holds: bool, message: str) -> None:
        """Note a rule that is broken."""
        if not holds:
            self.faults.append(message)

    def xml(self, path: str) -> Element:
        """Return a part as XML."""
        return ElementTree.fromstring(self.parts[path])


def faults(data: bytes) -> list[str]:
    """Return every rule that a workbook breaks; none is what is wanted."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.namelist()
        book = Book({name: archive.read(name) for name in members})
    book.fault(len(members) == len({name.casefold() for name in members}), "two parts of one name")
    if not _well_formed(book):
        return book.faults
    _content_types(book)
    _relations(book)
    _workbook(book)
    _styles(book)
    for name, path in book.sheets.items():
        _sheet(book, name, path)
    return book.faults


def _well_formed(book: Book) -> bool:
    for path, data in book.parts.items():
        if path.endswith((".xml", ".rels")):
            try:
                ElementTree.fromstring(data)
            except ElementTree.ParseError as error:
                book.fault(False, f"{path} is no XML: {error}")
    return not book.faults


def _content_types(book: Book) -> None:
    types = book.xml("[Content_Types].xml")
    defaults = {default.get("Extension") for default in types.iter(f"{TYPES}Default")}
    overrides = [override.get("PartName", "") for override in types.iter(f"{TYPES}Override")]
    book.fault(len(overrides) == len(set(overrides)), "a part with two content types")
    for part in overrides:
        book.fault(part.lstrip("/") in book.parts, f"a content type for {part}, which is not there")
    for path in book.parts:
        known = f"/{path}" in overrides or path.rpartition(".")[2] in defaults
        book.fault(known or path == "[Content_Types].xml", f"{path} has no content type")
        plain = path.startswith(("xl/worksheets/sheet", "xl/tables/", "xl/charts/", "xl/drawings/drawing"))
        book.fault(f"/{path}" in overrides or not plain, f"{path} has only a default content type")


def _relations(book: Book) -> None:
    for path in [path for path in book.parts if path.endswith(".rels")]:
        seen = set()
        for relation in book.xml(path).iter(f"{PACKAGE_RELATION}Relationship"):
            book.fault(relation.get("Id") not in seen, f"{path}: two relations {relation.get('Id')}")
            seen.add(relation.get("Id"))
            if relation.get("TargetMode") != "External":
                target = _target(path, relation.get("Target", ""))
                book.fault(target in book.parts, f"{path}: {relation.get('Target')} is not there")


def _target(path: str, target: str) -> str:
    folder = posixpath.dirname(posixpath.dirname(path))
    return (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    )


def _related(book: Book, path: str) -> dict[str, str]:
    folder, name = posixpath.split(path)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in book.parts:
        return {}
    return {
        relation.get("Id", ""): _target(relations, relation.get("Target", ""))
        for relation in book.xml(relations).iter(f"{PACKAGE_RELATION}Relationship")
    }


def _workbook(book: Book) -> None:
    workbook = book.xml("xl/workbook.xml")
    related = _related(book, "xl/workbook.xml")
    ids = [sheet.get("sheetId") for sheet in workbook.iter(f"{MAIN}sheet")]
    book.fault(len(ids) == len(set(ids)), "two sheets of one id")
    for sheet in workbook.iter(f"{MAIN}sheet"):
        name = sheet.get("name", "")
        legal = 0 < len(name) <= LONGEST_SHEET_NAME and not set(name) & set("[]:*?/\\")
        legal &= not name.startswith("'") and not name.endswith("'") and not RESERVED.fullmatch(name)
        book.fault(legal, f"no name for a sheet: {name!r}")
        book.fault(name.casefold() not in {n.casefold() for n in book.sheets}, f"two sheets called {name}")
        book.sheets[name] = related[sheet.get(f"{RELATION}id", "")]
    for defined in workbook.iter(f"{MAIN}definedName"):
        name, scope = defined.get("name", ""), defined.get("localSheetId")
        if not name.startswith("_xlnm."):
            legal = LEGAL_NAME.fullmatch(name) and not LIKE_ADDRESS.fullmatch(name) and len(name) <= 255
            book.fault(bool(legal), f"no name for a cell: {name!r}")
            book.fault(name.casefold() not in book.names or scope is not None, f"two things called {name}")
            book.names.add(name.casefold())
        for sheet in SHEET_OF_FORMULA.findall(defined.text or ""):
            book.fault(sheet.replace("''", "'") in book.sheets, f"{name} is on no sheet: {sheet}")
    if "xl/sharedStrings.xml" in book.parts:
        entries = book.xml("xl/sharedStrings.xml").iter(f"{MAIN}si")
        book.strings = ["".join(text.text or "" for text in entry.iter(f"{MAIN}t")) for entry in entries]
    for text in book.strings:
        book.fault(len(text) <= LONGEST_TEXT, f"a text of {len(text)} characters: {text[:40]}")


def _styles(book: Book) -> None:
    styles = book.xml("xl/styles.xml")
    looks = styles.find(f"{MAIN}cellXfs")
    book.looks = len(looks) if looks is not None else 0
    book.fault(0 < book.looks <= MOST_LOOKS, f"{book.looks} looks of cells")
    parts = {name: len(styles.find(f"{MAIN}{name}") or ()) for name in ("fonts", "fills", "borders")}
    for look in looks if looks is not None else ():
        for kind, part in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            book.fault(int(look.get(kind, 0)) < parts[part], f"a look with {kind} {look.get(kind)}")
    formats = [element.get("formatCode", "") for element in styles.iter(f"{MAIN}numFmt")]
    book.fault(len(formats) <= MOST_FORMATS, f"{len(formats)} number formats")
    for code in formats:
        bare = re.sub(r'"[^"]*"|\\.', "", code)
        book.fault(
            0 < len(code) <= 255 and bare.count(";") <= 3 and '"' not in bare, f"no number format: {code}"
        )
    book.differential_looks = len(styles.find(f"{MAIN}dxfs") or ())


def _sheet(book: Book, name: str, path: str) -> None:
    sheet = book.xml(path)
    tags = [child.tag.removeprefix(MAIN) for child in sheet]
    places = [ORDER.index(tag) for tag in tags]
    book.fault(places == sorted(places), f"{name}: parts out of order: {tags}")
    cells = _cells(book, name, sheet)
    _geometry(book, name, sheet)
    _rules(book, name, sheet)
    related = _related(book, path)
    for reference in [r for tag in ("tablePart", "drawing") for r in sheet.iter(f"{MAIN}{tag}")]:
        book.fault(reference.get(f"{RELATION}id") in related, f"{name}: a {reference.tag} that is nowhere")
    tables = [book.xml(target) for target in related.values() if target.startswith("xl/tables/")]
    _tables(book, name, tables, cells)
    for target in related.values():
        if target.startswith("xl/drawings/"):
            _drawing(book, name, target)


def _cells(book: Book, name: str, sheet: Element) -> dict[str, str]:
    """Check every cell; return the texts of those that hold shared words."""
    texts: dict[str, str] = {}
    shared: set[str] = set()
    last_row = 0
    for row in sheet.iter(f"{MAIN}row"):
        number, last_column = int(row.get("r", 0)), 0
        book.fault(last_row < number <= LAST_ROW, f"{name}: row {number} after row {last_row}")
        book.fault(
            float(row.get("ht", 0)) <= HIGHEST_ROW, f"{name}: row {number} is {row.get('ht')} points high"
        )
        last_row = number
        for cell in row:
            # A cell without an address is the one after the cell before (18.3.1.4).
            address = cell.get("r") or f"{get_column_letter(last_column + 1)}{number}"
            where = f"{name}!{address}"
            found = ADDRESS.fullmatch(address)
            if found is None:
                book.fault(False, f"{where} is no address")
                continue
            book.fault(
                cell.get("r") is not None or cell.find(f"{MAIN}f") is None, f"{where}: a formula without"
            )
            column = column_index_from_string(found[1])
            book.fault(int(found[2]) == number, f"{where} stands in row {number}")
            book.fault(last_column < column <= LAST_COLUMN, f"{where} after column {last_column}")
            last_column = column
            book.fault(int(cell.get("s", 0)) < book.looks, f"{where} has look {cell.get('s')}")
            _value(book, where, address, cell, texts)
            _formula(book, where, cell, shared)
    return texts


def _value(book: Book, where: str, address: str, cell: Element, texts: dict[str, str]) -> None:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if kind == "s":
        place = int(value or -1)
        book.fault(0 <= place < len(book.strings), f"{where} has words {place}")
        texts[address] = book.strings[place] if 0 <= place < len(book.strings) else ""
    elif kind == "n" and value is not None:
        book.fault(math.isfinite(float(value)), f"{where} holds {value}")
    elif kind == "e":
        book.fault(False, f"{where} holds an error, {value}")
    else:
        book.fault(kind in ("n", "b", "str", "inlineStr"), f"{where} is of kind {kind}")
    book.fault(len(value or "") <= LONGEST_TEXT, f"{where} holds {len(value or '')} characters")


def _formula(book: Book, where: str, cell: Element, shared: set[str]) -> None:
    formula = cell.find(f"{MAIN}f")
    if formula is None:
        return
    book.fault(cell.find(f"{MAIN}v") is not None, f"{where} has a formula and no value")
    if formula.get("t") == "shared":
        number = formula.get("si", "")
        if formula.text:
            book.fault(number not in shared, f"{where}: two formulas shared as {number}")
            shared.add(number)
        book.fault(number in shared, f"{where} shares a formula that comes later")
    text = formula.text or ""
    book.fault(len(text) <= LONGEST_FORMULA, f"{where} has a formula of {len(text)} characters")
    bare = STRING_OF_FORMULA.sub("", text)
    book.fault(bare.count("(") == bare.count(")"), f"{where}: unbalanced, {text}")
    book.fault("[" not in bare and "#REF" not in bare, f"{where} leads out of the workbook: {text}")
    for sheet in SHEET_OF_FORMULA.findall(bare):
        book.fault(sheet.replace("''", "'") in book.sheets, f"{where} names no sheet: {sheet}")


def _geometry(book: Book, name: str, sheet: Element) -> None:
    ends = [(int(c.get("min", 0)), int(c.get("max", 0))) for c in sheet.iter(f"{MAIN}col")]
    book.fault(ends == sorted(ends) and _apart(ends), f"{name}: columns overlap: {ends}")
    for column in sheet.iter(f"{MAIN}col"):
        book.fault(
            float(column.get("width", 0)) <= WIDEST_COLUMN, f"{name}: a column {column.get('width')} wide"
        )
    for part in ("oddHeader", "oddFooter"):
        text = sheet.findtext(f"{MAIN}headerFooter/{MAIN}{part}") or ""
        book.fault(len(text) <= LONGEST_HEADER, f"{name}: {part} of {len(text)} characters")
    links = list(sheet.iter(f"{MAIN}hyperlink"))
    book.fault(len(links) <= MOST_LINKS, f"{name}: {len(links)} links")
    for link in links:
        target = re.fullmatch(r"'((?:[^']|'')+)'![A-Z]+[0-9]+", link.get("location", ""))
        known = target is not None and target[1].replace("''", "'") in book.sheets
        book.fault(known, f"{name}!{link.get('ref')} leads nowhere: {link.get('location')}")
    for pane in sheet.iter(f"{MAIN}pane"):
        book.fault(pane.get("state") == "frozen", f"{name}: a pane that is not frozen")


def _apart(ends: Iterable[tuple[int, int]]) -> bool:
    ordered = sorted(ends)
    return all(before[1] < after[0] for before, after in pairwise(ordered))


def _rules(book: Book, name: str, sheet: Element) -> None:
    priorities = []
    for rule in sheet.iter(f"{MAIN}cfRule"):
        priorities.append(rule.get("priority"))
        look = rule.get("dxfId")
        book.fault(look is None or int(look) < book.differential_looks, f"{name}: a rule with look {look}")
    book.fault(len(priorities) == len(set(priorities)), f"{name}: rules of one priority")
    taken: set[str] = set()
    for rule in sheet.iter(f"{MAIN}dataValidation"):
        where = rule.get("sqref", "")
        book.fault(not taken & set(where.split()), f"{name}!{where} has two rules")
        taken |= set(where.split())
        first = rule.findtext(f"{MAIN}formula1") or ""
        book.fault(bool(first), f"{name}!{where} has a rule without a limit")
        if first.startswith('"'):
            book.fault(
                len(first) - 2 <= LONGEST_LIST, f"{name}!{where} has a list of {len(first)} characters"
            )
        for part, most in (("errorTitle", 32), ("promptTitle", 32), ("error", 225), ("prompt", 255)):
            book.fault(len(rule.get(part, "")) <= most, f"{name}!{where}: {part} is too long")


def _tables(book: Book, name: str, tables: list[Element], cells: dict[str, str]) -> None:
    areas = []
    for table in tables:
        called = table.get("displayName", "")
        legal = LEGAL_NAME.fullmatch(called) and not LIKE_ADDRESS.fullmatch(called) and len(called) <= 255
        book.fault(bool(legal), f"no name for a table: {called!r}")
        book.fault(called.casefold() not in book.names, f"two things called {called}")
        book.names.add(called.casefold())
        book.fault(table.get("id") not in book.table_ids, f"two tables with id {table.get('id')}")
        book.table_ids.add(table.get("id", ""))
        left, top, right, bottom = range_boundaries(table.get("ref", ""))
        areas.append((top, bottom))
        totals = int(table.get("totalsRowCount", 0))
        book.fault(bottom - top - totals >= 1, f"{called} has no rows")
        columns = list(table.iter(f"{MAIN}tableColumn"))
        book.fault(
            len(columns) == right - left + 1, f"{called}: {len(columns)} columns in {table.get('ref')}"
        )
        headings = [column.get("name", "") for column in columns]
        book.fault(len({h.casefold() for h in headings}) == len(headings), f"{called}: two headings alike")
        written = [cells.get(address) for address in _addresses(left, right, top)]
        book.fault(headings == written, f"{called}: headings {headings} over cells {written}")
        ids = [column.get("id") for column in columns]
        book.fault(len(set(ids)) == len(ids), f"{called}: two columns of one id")
        if (autofilter := table.find(f"{MAIN}autoFilter")) is not None:
            area = range_boundaries(autofilter.get("ref", ""))
            book.fault(
                area == (left, top, right, bottom - totals), f"{called}: filter over {autofilter.get('ref')}"
            )
    book.fault(_apart(areas), f"{name}: tables overlap")


def _addresses(left: int, right: int, row: int) -> Iterator[str]:
    return (f"{get_column_letter(column)}{row}" for column in range(left, right + 1))


def _drawing(book: Book, name: str, path: str) -> None:
    related = _related(book, path)
    drawing = book.xml(path)
    for picture in drawing.iter(f"{DRAWING}cNvPr"):
        book.fault(bool(picture.get("descr", "").strip()), f"{name}: a picture without words for it")
    ids = [picture.get("id") for picture in drawing.iter(f"{DRAWING}cNvPr")]
    book.fault(len(ids) == len(set(ids)), f"{name}: two pictures of one id")
    for target in related.values():
        chart = book.xml(target)
        axes = {axis.get("val") for axis in chart.iter(f"{CHART}axId")}
        crossed = {axis.get("val") for axis in chart.iter(f"{CHART}crossAx")}
        book.fault(crossed <= axes, f"{target}: an axis crosses one that is not there")
        for formula in chart.iter(f"{CHART}f"):
            sheet = SHEET_OF_FORMULA.match(formula.text or "")
            known = sheet is not None and sheet[1].replace("''", "'") in book.sheets
            book.fault(known, f"{target} draws {formula.text}")
