"""OpenPrescribing and QOF: what they publish, brought to our tables without a word of mapping."""

import pytest

from variation.reading.readers.qof import LEVELS
from variation.tables import AREAS, CATALOGUE

MEASURE = (
    "month,code,numerator,denominator\n2016-05-01,11J,5,50.5\n2016-04-01,11J,4,50.25\n2016-04-01,00D,0,0.0\n"
)
LIST = (
    "table_id,name,tags,radar_exclude,is_percentage,y_label,measure_name\n"
    "t,Short-acting inhalers,core,,True,Percentage of inhalers,saba\n"
    "t,Lidocaine,core,,False,Lidocaine plasters cost (£) per 1000 patients,lplidocaine\n"
    "t,Opioids,core,,False,Items per 1000 patients,opioids\n"
    "t,Quantity,core,,False,ADQ per item,bdzadq\n"
)


def rows(reading, *names):
    table = reading.table[list(names)]
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def test_a_measure_by_month_takes_the_files_name_for_its_indicator(read):
    reading = read(MEASURE, name="saba.csv", reader="openprescribing")
    assert rows(reading, "indicator", "area", "period", "numerator", "denominator") == [
        ["saba", "11J", "2016-05", 5, 50.5], ["saba", "11J", "2016-04", 4, 50.25],
    ]  # fmt: skip
    (note,) = reading.findings
    assert (note.severity, note.code, note.row) == ("note", "closed", 4)
    assert note.message == "1 row of 1 organisations with neither patients nor prescriptions are left out"


def test_months_of_a_measure_add_up(read):
    table = read(MEASURE, name="saba.csv", reader="openprescribing", latest_months=12).table
    assert table[["period", "numerator", "denominator"]].to_numpy().tolist() == [
        ["2016-04 to 2016-05", 9, 100.75]
    ]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ('date,id,name,y_items,y_actual_cost,total_list_size\n2016-04-01,P1,"A, B",84,220.37,900\n',
         ["data", "P1", "2016-04", 84, 900]),
        ("measure,org_type,org_id,org_name,date,numerator,denominator,calc_value,percentile\n"
         "saba,ccg,11J,Dorset,2016-04-01,84,900,0.09,12\n", ["saba", "11J", "2016-04", 84, 900]),
    ],
    ids=["search", "API"],
)  # fmt: skip
def test_searches_and_the_api_have_other_headings(read, content, wanted):
    reading = read(content, reader="openprescribing")
    assert reading.findings == []
    assert rows(reading, "indicator", "area", "period", "numerator", "denominator") == [wanted]


def test_a_file_without_months_needs_its_period(read):
    content = "pct_id,numerator_items,denominator_items,numerator_cost,measure_id\n11J,5,50,500,keppra\n"
    (finding,) = read(content, reader="openprescribing").findings
    assert (finding.message, finding.hint.split(" ")[0]) == ("missing columns month", "values")
    reading = read(
        None, reader="openprescribing", values={"period": 2018}, columns={"numerator": "numerator_cost"}
    )
    assert rows(reading, "indicator", "area", "period", "numerator") == [["keppra", "11J", "2018", 500]]


def test_something_else_than_a_measure_is_said(read):
    (finding,) = read("place,count\nA,1\n", reader="openprescribing").findings
    assert finding.message == "missing columns area, numerator, denominator"
    wrong = read(MEASURE, reader="openprescribing", columns={"numerator": "items_all"})
    assert wrong.findings[0].message == "missing columns items_all"


def test_the_list_of_measures_is_a_catalogue_with_values_per_1000_as_published(read):
    reading = read(LIST, reader="openprescribing", spec=CATALOGUE)
    assert reading.findings == []
    assert rows(reading, "indicator", "kind", "multiplier", "unit", "pathway_stage") == [
        ["saba", "proportion", 100, "%", "prescribing"],
        ["lplidocaine", "spend", 1, "Lidocaine plasters cost (£) per 1000 patients", "spend"],
        ["opioids", "rate", 1, "Items per 1000 patients", "prescribing"],
        ["bdzadq", "ratio", 1, "ADQ per item", "prescribing"],
    ]  # fmt: skip
    assert read(MEASURE, reader="openprescribing", spec=CATALOGUE).findings[0].code == "missing_column"


def test_organisations_are_read_once_each_with_their_names(read):
    content = "date,id,name,y_items\n2016-04-01,P1,One,1\n2016-05-01,P1,One,1\n2016-04-01,P2,Two,1\n"
    reading = read(content, reader="openprescribing", spec=AREAS, values={"kind": "practice"})
    assert reading.findings == []
    assert rows(reading, "area", "name", "kind") == [["P1", "One", "practice"], ["P2", "Two", "practice"]]


# --- QOF

REGISTERS = (
    "PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE\nA81001,AF,95,TOTAL,4098\n"
)
MAP = (
    "REGION_ODS_CODE,REGION_NAME,CCG_ODS_CODE,CCG_NAME,PCN_ODS_CODE,PCN_NAME,PRACTICE_CODE,PRACTICE_NAME\n"
    "Y63,North,16C,Tees,U1,Stockton,A81001,Densham\nY63,North,16C,Tees,U1,Stockton,A81002,Queens\n"
    "Y58,South,11J,Dorset,U2,Poole,J81001,Quay\n"
)


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("PREVALENCE_2021_v2.csv", "2020/21"),
        ("prevalence_1920.csv", "2019/20"),
        ("PREV_2023-24.csv", "2023/24"),
    ],
)
def test_registers_take_their_year_from_the_files_name(read, name, period):
    reading = read(REGISTERS, name=name, reader="qof")
    assert reading.findings == []
    assert rows(reading, "indicator", "area", "period", "numerator", "denominator") == [
        ["AF", "A81001", period, 95, 4098]
    ]


def test_registers_in_a_file_without_year_need_their_period(read):
    assert [f.code for f in read(REGISTERS, name="registers.csv", reader="qof").findings] == ["empty"]
    given = read(None, name="registers.csv", reader="qof", values={"period": "2020/21"})
    assert rows(given, "period") == [["2020/21"]]


def test_the_map_gives_practices_networks_and_commissioners_as_a_tree(read):
    reading = read(MAP, reader="qof", spec=AREAS, filter={"CCG_ODS_CODE": "16C"})
    assert reading.findings == []
    assert rows(reading, "area", "name", "kind", "parent") == [
        ["A81001", "Densham", "practice", "U1"], ["A81002", "Queens", "practice", "U1"],
        ["U1", "Stockton", "pcn", "16C"], ["16C", "Tees", "ccg", None],
    ]  # fmt: skip
    regions = read(MAP, reader="qof", spec=AREAS, area_types=["practice", "region"])
    assert rows(regions, "kind", "parent")[0] == ["practice", "Y63"]
    assert len(regions.table) == 5


def test_practices_in_no_network_hang_below_the_commissioner(read):
    unallocated = (
        "Y63,North,16C,Tees,U,Unallocated,A81003,Lone\nY58,South,11J,Dorset,U,Unallocated,J81002,Far\n"
    )
    reading = read(MAP + unallocated, reader="qof", spec=AREAS)
    assert reading.findings == []
    areas = reading.table.set_index("area")
    assert "U" not in areas.index
    assert areas.loc[["A81003", "J81002"], "parent"].to_list() == ["16C", "11J"]


def test_a_network_in_two_commissioners_is_warned_of_and_lies_where_most_of_it_is(read):
    reading = read(MAP + "Y58,South,11J,Dorset,U1,Stockton,J81003,Odd\n", reader="qof", spec=AREAS)
    assert reading.table.set_index("area").loc["U1", "parent"] == "16C"
    (warning,) = reading.findings
    assert (warning.severity, warning.code, warning.row, warning.value) == ("warning", "two_parents", 2, "U1")
    assert warning.message.startswith("1 areas lie in two above them (in 3 rows)")


def test_a_kind_of_area_that_the_map_does_not_have_is_said(read):
    (finding,) = read(MAP, reader="qof", spec=AREAS, area_types=["practice", "icb"]).findings
    assert finding.message == f"missing columns {LEVELS['icb'][0]}"
    assert finding.hint == "kinds that can be read: practice, pcn, ccg, region"


def test_the_list_of_indicators_gives_a_catalogue_of_groups(read):
    content = (
        "INDICATOR_CODE,INDICATOR_POINT_VALUE,GROUP_CODE,GROUP_DESCRIPTION,DOMAIN_CODE,DOMAIN_DESCRIPTION\n"
        "AF001,5,AF,Atrial fibrillation,CL,Clinical\nAF006,12,AF,Atrial fibrillation,CL,Clinical\n"
    )
    reading = read(content, name="MAPPING_INDICATORS_2021_v2.csv", reader="qof", spec=CATALOGUE)
    assert rows(reading, "indicator", "name", "kind", "unit", "polarity", "source") == [
        ["AF", "Atrial fibrillation", "proportion", "%", "local", "QOF 2020/21"]
    ]


def test_another_file_of_the_publication_is_said_with_the_one_that_is_meant(read):
    (finding,) = read(MAP, reader="qof").findings
    assert finding.message == "missing columns GROUP_CODE, REGISTER, PRACTICE_LIST_SIZE"
    assert "PREVALENCE file" in finding.hint
