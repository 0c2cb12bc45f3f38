"""Passwords: what is refused, in which words, and that disguises do not help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules.common_words import WORDS
from portal.accounts.rules.passwords import is_common, password_problems


def codes(password: str, name: str = "Ona Onaitė", email: str = "ona.onaite@vilkija.lt") -> list[str]:
    return [problem.code for problem in password_problems(password, name=name, email=email)]


@pytest.mark.parametrize(
    "password",
    [
        "bendradarbiavimas-2026",
        "lankas-upė-47-žirgas",
        "trys geltoni kibirai",
        "Xk9#vb2!mQ7z",
        "zupa z dyni i żur",
        "u8Tq1x0Lw5Rz",
        "x" * 7 + "yz" + "q1w8",
    ],
)
def test_a_long_password_of_ones_own_is_taken(password):
    assert codes(password) == []


@pytest.mark.parametrize(("length", "code"), [(11, "password-short"), (0, "password-short"), (201, "password-long")])
def test_a_password_has_12_to_200_characters(length, code):
    letters = ("žirklėsupėvandvr" * 20)[:length]
    assert codes(letters) == [code]


@pytest.mark.parametrize("password", ["lankasžirgas", "ž" * 3 + "lankasupėrvdq" * 15])
def test_the_first_and_the_last_length_are_taken(password):
    assert 12 <= len(password) <= 200
    assert codes(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "Password1234",
        "P@ssw0rd2026!",
        "passwordpassword",
        "p.a.s.s.w.o.r.d",
        "Kalėjimas2026!",
        "KAUNAS-alytus",
        "kaunas2026kaunas",
        "Olsztyn.Alytus.1",
        "Więzienie12345",
        "Probacija2025!!",
        "Slaptažodis!1",
        "haslo123haslo",
        "LTPL00388-2026",
        "Portal Portal Portal",
        "qwertyuiop123",
        "1qaz2wsx3edc",
        "mnbvcxz-0987654321",
        "ąčęėįšųūąčęė",
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "1111aaaa2222bbbb",
        "123456789012",
        "20262027202820",
        "correct horse battery staple",
        "Interreg2021-2027",
    ],
)
def test_what_is_guessed_first_is_refused(password):
    assert codes(password) == ["password-common"]


@pytest.mark.parametrize(
    "password",
    ["Onaitė-lankas-47", "onaite.kibirai.trys", "0n41t3-kibirai-trys", "ona.onaite-žirgas", "upė-VILKIJA-lankas"],
)
def test_a_password_holds_nothing_of_the_person(password):
    assert codes(password) == ["password-personal"]


def test_a_short_name_is_no_reason_to_refuse():
    assert codes("debesų kopėtonai 5", name="Ona Bo", email="bo@x.lt") == []


@given(st.sampled_from(sorted(WORDS)), st.integers(1950, 2049), st.sampled_from(["", "!", "-", ".", "!!"]))
def test_a_common_word_with_a_year_stays_common(word, year, mark):
    assert is_common(f"{word}{mark}{year}")
    assert is_common(f"{year}{mark}{word.capitalize()}")


@given(st.sampled_from(sorted(word for word in WORDS if word.isalpha())))
def test_digits_for_letters_and_capitals_do_not_help(word):
    disguised = word.translate(str.maketrans("oeas", "034$"))
    assert is_common(disguised.upper() * 2)


@given(st.text(max_size=250))
def test_any_text_is_judged_without_failing(password):
    assert all(code.startswith("password-") for code in codes(password))
