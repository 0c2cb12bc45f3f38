"""One code and one press, one response: at once, again, from two tabs."""

from flask import Flask
from flask.testing import FlaskClient

from portal.surveys.models import Response, Token
from tests.integration.pages import links_of, page_text, read_errors
from tests.integration.surveys.phones import (
    LINK,
    VIEWS,
    answer_all,
    begin,
    change_wave,
    codes,
    fill,
    send,
    stored,
    together,
)


def test_a_code_opens_the_survey_once_however_it_is_typed(app: Flask, client: FlaskClient, study: int):
    change_wave(app, has_open_link=False)
    [code] = codes(app, study)
    assert client.get(LINK).location == f"{LINK}/code"
    assert begin(client).location == f"{LINK}/code"
    wrong = client.post(f"{LINK}/code", data={"language": "en", "code": "AAAA-AAAA-AAAA-AAAA"})
    assert (wrong.status_code, list(read_errors(wrong))) == (422, ["code"])
    typed = f"{code[:4]} {code[4:8].lower()}-{code[8:]}"
    assert client.post(f"{LINK}/code", data={"language": "en", "code": typed}).location == f"/survey/{code}"
    thanks = answer_all(client, f"/survey/{code}").location
    assert "Your answers are stored." in page_text(client.get(thanks))
    assert thanks.startswith("/survey/thanks/")
    assert not [each for each in links_of(client.get(thanks)).values() if "/survey/" in each and "thanks" not in each]


def test_who_answered_with_a_code_cannot_answer_again_from_the_thanks(app: Flask, client: FlaskClient, study: int):
    [code] = codes(app, study)
    thanks = answer_all(client, f"/survey/{code}").location
    assert "trust-baseline-token" not in thanks
    for language in ("en", "lt", "pl"):
        assert f'<html lang="{language}">' in client.get(f"{thanks}?lang={language}").text
    for back in (f"/survey/{code}/send", f"/survey/{code}/parts/1", f"/survey/{code}"):
        assert client.get(back).status_code == 404
    assert send(client, f"/survey/{code}").location == thanks
    assert len(stored(app, Response)) == 1
    assert client.get(f"{thanks[:-1]}{'0' if thanks[-1] != '0' else '1'}").status_code == 404


def test_used_and_unknown_codes_are_answered_alike_and_say_what_to_do(app: Flask, client: FlaskClient, study: int):
    [code] = codes(app, study)
    answer_all(client, f"/survey/{code}")
    for language in ("en", "lt", "pl"):
        used, unknown = (client.get(f"/survey/{each}?lang={language}") for each in (code, "A" * 16))
        assert (used.status_code, unknown.status_code) == (404, 404)
        assert used.text.replace(code, "A" * 16) == unknown.text
        assert f'<html lang="{language}">' in used.text
    assert "ask the person who gave it to you" in page_text(client.get(f"/survey/{code}?lang=en"))
    assert begin(client, f"/survey/{code}").status_code == begin(client, f"/survey/{'A' * 16}").status_code == 404


def test_of_two_tabs_the_second_is_told_that_the_answers_were_sent(app: Flask, client: FlaskClient, study: int):
    begin(client)
    fill(client, VIEWS, q1="4")
    assert send(client).status_code == 303
    for late in (fill(client, VIEWS, q1="2"), send(client, key="b" * 32)):
        assert late.status_code == 409
        assert "If you have sent them, they are stored" in page_text(late)
        assert LINK in links_of(late).values()
    assert client.get(f"{LINK}/send").location == LINK
    assert [row.answers for row in stored(app, Response)] == [{"q1": 4}]


def test_ten_presses_of_one_person_at_once_store_one_response(app: Flask, study: int):
    [code] = codes(app, study)
    client = app.test_client()
    begin(client, f"/survey/{code}")
    fill(client, VIEWS, f"/survey/{code}", q1="4")
    cookie = client.get_cookie("survey", path=f"/survey/{code}")
    assert cookie is not None

    def press(number: int) -> int:
        browser = app.test_client()
        browser.set_cookie("survey", cookie.value, path=f"/survey/{code}")
        return send(browser, f"/survey/{code}", key="a" * 32).status_code

    assert together(press) == [303] * 10
    assert (len(stored(app, Response)), stored(app, Token)) == (1, [])


def test_ten_people_with_one_code_at_once_store_one_response(app: Flask, study: int):
    [code] = codes(app, study)
    browsers = [app.test_client() for _each in range(10)]
    for browser in browsers:
        begin(browser, f"/survey/{code}")
        fill(browser, VIEWS, f"/survey/{code}", q1="4")
    answers = together(lambda number: send(browsers[number], f"/survey/{code}", key=f"{number}" * 32).status_code)
    assert sorted(answers) == [303] + [404] * 9
    assert (len(stored(app, Response)), stored(app, Token)) == (1, [])


def test_ten_different_presses_of_one_sitting_by_the_open_link_store_one_response(app: Flask, study: int):
    client = app.test_client()
    begin(client)
    fill(client, VIEWS, q1="4")
    cookie = client.get_cookie("survey", path=LINK)
    assert cookie is not None

    def press(number: int) -> int:
        browser = app.test_client()
        browser.set_cookie("survey", cookie.value, path=LINK)
        return send(browser, key=f"{number}" * 32).status_code

    assert sorted(together(press)) == [303] + [409] * 9
    assert len(stored(app, Response)) == 1


def test_the_same_press_again_leads_to_the_thanks_again(app: Flask, client: FlaskClient, study: int):
    first = answer_all(client)
    assert send(client).location == first.location
    assert len(stored(app, Response)) == 1
    assert send(client, key="b" * 32).status_code == 409
