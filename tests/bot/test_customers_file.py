"""A CSV file of customers: what is read from it, and that everything wrong with it is named at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.customers_file import load, parse
from bot.rules.customer_import import CannotImport, ImportLine

QUOTES = 'A cell with a separator or a quote in it stands in quotes, and a quote within it is doubled: "".'
ZENITH = ImportLine(2, "Zenith Corp", "CRM-1", "£18,000 a year", "U0BRAD")


def problems(text: str) -> list[str]:
    with pytest.raises(CannotImport) as refusal:
        parse(text)
    return [str(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        'name,crm_reference,worth,owner\nZenith Corp,CRM-1,"£18,000 a year",U0BRAD\n',
        "name;crm_reference;worth;owner\r\nZenith Corp;CRM-1;£18,000 a year;U0BRAD\r\n",
        'Owner,Name,Worth,CRM reference\nU0BRAD,  Zenith  Corp ,"£18,000 a year",CRM-1',
    ],
)
def test_commas_and_semicolons_and_any_order_read_the_same(text: str) -> None:
    assert parse(text) == (ZENITH,)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes("\ufeffname;worth\r\n\r\nCafé Söhne;1\r\n;\r\n".encode())
    assert load(file) == (ImportLine(3, "Café Söhne", worth="1"),)


def test_an_empty_cell_keeps_what_is_on_record_and_a_dash_deletes_it() -> None:
    assert parse("name,worth,owner\nAcme,,-") == (ImportLine(2, "Acme", owner=""),)


def test_a_name_over_two_lines_is_one_and_the_lines_are_still_counted() -> None:
    assert parse('name\n"Acme\nLtd"\nZenith') == (ImportLine(2, "Acme Ltd"), ImportLine(4, "Zenith"))


def test_every_wrong_line_is_named_with_its_mend() -> None:
    found = problems(
        "name,crm_reference,worth,owner\n"
        ",CRM-1,,\n"
        f"{'x' * 141},{'y' * 141},{'z' * 141},\n"
        "Acme,CRM-2,,brad\n"
        "ACME.,,,\n"
        "Borealis,CRM-2,,U0MIA,more\n"
    )
    assert found == [
        "line 2: the name is missing. Every customer needs one, with a letter or a digit in it.",
        "line 3: the name has 141 characters. Up to 140 fit; shorten it.",
        "line 3: the CRM reference has 141 characters. Up to 140 fit; shorten it.",
        "line 3: the worth has 141 characters. Up to 140 fit; shorten it.",
        "line 4: the owner 'brad' is no Slack user ID. Copy the member ID from the person's profile; it begins with U.",
        "line 5: the same name as in line 4. Keep one of the two, or give each its CRM reference.",
        f"line 6: there are 5 cells for 4 columns. {QUOTES}",
        "line 6: the same CRM reference as in line 4. Keep one of the two, or tell them apart.",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: there is no header. The first line names the columns: name,crm_reference,worth,owner."),
        ("Zenith Corp,CRM-1\n", "line 1: there is no header."),
        ("crm_reference\nCRM-1\n", "line 1: the column 'name' is missing."),
        ("name,wroth\nAcme,1\n", "line 1: there is no column 'wroth'. Did you mean worth?"),
        ("name,phone\nAcme,1\n", "line 1: there is no column 'phone'. The first line names the columns"),
        ("name,worth,worth\nAcme,1,2\n", "line 1: the column 'worth' is there twice. Keep one of them."),
        ('name\nAcme\n"Zenith\n', "line 3: this is not CSV"),
        ("name\nAc\0me\n", "line 2: the name holds a character that is none."),
    ],
)
def test_a_wrong_file_is_named(text: str, says: str) -> None:
    assert problems(text)[0].startswith(says)


def test_a_cell_in_which_nothing_can_be_seen_is_empty_and_an_emoji_counts_as_two() -> None:
    assert parse("name,worth\nAcme,\u200b\u3164") == (ImportLine(2, "Acme"),)
    assert parse(f"name\n{'😀' * 70}") == (ImportLine(2, "😀" * 70),)
    assert problems(f"name\n{'😀' * 71}") == ["line 2: the name has 142 characters. Up to 140 fit; shorten it."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_is_read_in_every_encoding_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes("name;worth\r\nCafé Söhne;1\r\n".encode(encoding))
    said: list[str] = []
    assert load(file, note=said.append) == (ImportLine(2, "Café Söhne", worth="1"),)
    assert [("Windows-1252" in words, "line 2: 'Café Söhne;1'" in words) for words in said] == (
        [(True, True)] if encoding == "cp1252" else []
    )


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes(b"name\nCaf\x81")
    for path in (file, tmp_path / "none.csv"):
        with pytest.raises(CannotImport, match=r"cannot be read\. Save it as CSV in UTF-8"):
            load(path)


THEIRS = {"name": "Account Name", "crm_reference": "Account ID"}


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("sep=;\nname;worth\nAcme, Inc;1\n", {}, [ImportLine(3, "Acme, Inc", worth="1")]),
        ('"sep=\t"\r\nname\tworth\r\nAcme\t1\r\n', {}, [ImportLine(3, "Acme", worth="1")]),
        ("name\tworth\nAcme, Inc\t1\n", {}, [ImportLine(2, "Acme, Inc", worth="1")]),
        ("name,worth,\nAcme,1,\n", {}, [ImportLine(2, "Acme", worth="1")]),
        ("Account Name;Account ID\nAcme;0015\n", THEIRS, [ImportLine(2, "Acme", "0015")]),
        ("ID,Account Name,Account ID,Phone\n7,Acme,0015,123\n", THEIRS, [ImportLine(2, "Acme", "0015")]),
        ("name,worth\n\n  ,\nAcme,1\n\n", {}, [ImportLine(4, "Acme", worth="1")]),
        (
            'name,worth\n"Acme\n\nLtd",1\nZenith,2\n',
            {},
            [ImportLine(2, "Acme Ltd", worth="1"), ImportLine(5, "Zenith", worth="2")],
        ),
    ],
)
def test_lists_are_taken_as_programs_save_them(text: str, columns: dict[str, str], expected: list[ImportLine]) -> None:
    assert list(parse(text, columns)) == expected


def test_what_salesforce_writes_below_a_report_is_left_out_and_said() -> None:
    said: list[str] = []
    text = (
        '"Account Name","Account ID"\n"Acme","0015"\n"Zenith","0016"\n\n\n"All Accounts"\n'
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By:  Ana Alvarez  27/11/2026 14:10"\n"Northwind"\n'
    )
    assert [each.name for each in parse(text, THEIRS, said.append)] == ["Acme", "Zenith"]
    assert len(said) == 1
    assert "line 6 ('All Accounts')" in said[0]
    assert "line 10 ('Northwind')" in said[0]


def test_a_customer_after_an_empty_line_is_no_footer() -> None:
    assert [each.name for each in parse("name,worth\nAcme,1\n\nZenith,\n")] == ["Acme", "Zenith"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "Acme,4.00E+11,",
            "line 3: the CRM reference 4.00E+11 is a number as a spreadsheet writes it. Format the column",
        ),
        ('Acme,"4,00E+11",', "line 3: the CRM reference 4,00E+11 is a number as a spreadsheet writes it."),
        ("Acme,1.0,", "line 3: the CRM reference 1.0 is a number as a spreadsheet writes it."),
        ("Acme,#N/A,", "line 3: the crm_reference is #N/A, which a spreadsheet could not work out. Mend it."),
        ("Total,,£100", "line 3: 'Total' looks like a sum below the list. Delete the line;"),
        ("Grand Totals: 2,,", "line 3: 'Grand Totals: 2' looks like a sum below the list."),
        ("\u2060\u200b,CRM-2,", "line 3: the name is missing."),
        ("\u0301\u0301,CRM-2,", "line 3: the name is missing."),
        ("\u202e\u3164,CRM-2,", "line 3: the name is missing."),
    ],
)
def test_what_a_spreadsheet_has_spoilt_is_named(row: str, says: str) -> None:
    assert problems(f"name,crm_reference,worth\nZenith,CRM-1,\n{row}\n")[0].startswith(says)


def test_a_reference_of_letters_and_digits_is_no_number() -> None:
    listed = parse("name,crm_reference\nAcme,1E5\nBorealis,12E+\nZenith,1.05\n")
    assert [each.crm_reference for each in listed] == ["1E5", "12E+", "1.05"]


def test_two_customers_of_one_name_are_read_where_each_has_a_reference() -> None:
    assert len(parse("name,crm_reference\nAcme,1\nACME,2\n")) == 2
    assert problems("name,crm_reference\nAcme,1\nACME,\n") == [
        "line 3: the same name as in line 2. Keep one of the two, or give each its CRM reference."
    ]


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(CannotImport, match=r"there is no column 'Account Nmae'\. The columns are: Account Name, ID\."):
        parse("Account Name,ID\nAcme,1\n", {"name": "Account Nmae"})
    assert "--columns" in problems("Account Name,Account ID\nAcme,1\n")[0]


def test_the_number_of_problems_comes_first() -> None:
    with pytest.raises(CannotImport) as refusal:
        parse("name\n!\n?\n")
    assert str(refusal.value).startswith("The list has 2 problems, and nothing was imported:\n  line 2: ")


@given(text=st.text(alphabet=st.sampled_from('ab,;"\n\r\0 -é€'), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, f"name,worth\n{text}"):
        listed, refused = _tried(whole)
        assert all(each.name and each.line >= 1 for each in listed)
        assert refused is None or refused.problems


def _tried(text: str) -> tuple[tuple[ImportLine, ...], CannotImport | None]:
    try:
        return parse(text), None
    except CannotImport as refusal:
        return (), refusal
