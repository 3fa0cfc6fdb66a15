"""The frame of the pages: logging in, the menu, what a visitor sees."""


def test_a_visitor_is_sent_to_the_login_page_and_back(app):
    answer = app.test_client().get("/cases?q=1")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/cases?q%3D1"


def test_everybody_has_a_work_list(client_as):
    for key in ("sokolova", "morozova", "bondarenko", "gradov", "kuzmin", "koroleva"):
        assert client_as(key).get("/").status_code == 200
