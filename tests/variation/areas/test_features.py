"""Further columns of areas: joined by code where they bring something."""


def test_a_features_table_brings_its_columns_to_the_areas(read_tiny):
    found = read_tiny(features="area,imd,rural\nP1,99,1\nP2,99,0\n")
    areas = found.inputs.areas.set_index("area")
    assert areas["rural"].dropna().to_dict() == {"P1": 1, "P2": 0}
    assert areas.loc["P1", "imd"] == 10  # the areas table's own is kept


def test_a_features_table_that_brings_nothing_new_changes_nothing(read_tiny):
    found = read_tiny(features="area,imd\nP1,99\n")
    assert found.findings == ()
    assert found.inputs.areas.set_index("area").loc["P1", "imd"] == 10
