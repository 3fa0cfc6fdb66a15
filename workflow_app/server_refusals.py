"""What the embedded server refuses before the application sees it, in the product's words and frame.

A body that is too large, headers that are too long, a request that is none: waitress answers these itself, in English and
without a page. Here it gets pages that were rendered when the server started; a script gets JSON, as from any page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template
from flask_babel import gettext as _
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

from workflow_app.errors import N_, Sentence
from workflow_app.web.formatting import say
from workflow_app.web.headers import ALWAYS

READ_TO_THE_END = 256 * 1024 * 1024  # bytes; who sends more may lose the answer


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is told of one status: its name, what happened, what can be done about it."""

    name: Sentence
    what: Sentence
    point: Sentence


REFUSALS: Mapping[int, Refusal] = {
    400: Refusal(
        N_("Запрос не разобран"),
        N_("Браузер или программа прислали запрос, который сервер не смог прочитать."),
        N_("Обновите страницу и повторите. Если не помогло, откройте её в другом браузере."),
    ),
    413: Refusal(
        N_("Файл слишком большой"),
        N_("Файл или все файлы вместе больше, чем принимает система."),
        N_("Сожмите изображения в документе или сохраните его в PDF, видео не загружайте, а дайте на него ссылку."),
    ),
    431: Refusal(
        N_("Слишком длинный запрос"),
        N_("Адрес страницы или данные, которые браузер прислал вместе с ним, длиннее, чем принимает сервер."),
        N_("Сократите адрес. Если он короткий, удалите в браузере файлы cookie этого сайта и войдите снова."),
    ),
    500: Refusal(
        N_("У нас произошла ошибка"),
        N_("Сервер не смог ответить из-за ошибки в программе. Мы уже записали её в журнал."),
        N_("Повторите через минуту. Если ошибка повторяется, сообщите администратору."),
    ),
}


def pages(app: Flask) -> dict[int, tuple[bytes, bytes]]:
    """Return by status the page and the JSON, in Russian: there is no request yet whose language could be known."""
    host = next((one.lstrip(".") for one in app.config["TRUSTED_HOSTS"] or ()), "localhost")
    with app.test_request_context("/", base_url=f"http://{host}"):
        return {code: (_page(code, one), _json(one)) for code, one in REFUSALS.items()}


def _page(code: int, one: Refusal) -> bytes:
    return render_template(
        "errors/error.html", bare=True, code=code, name=say(one.name), what=say(one.what), points=[say(one.point)],
        kept=_("Ничего не изменилось: текст остался на предыдущей странице."),
    ).encode()  # fmt: skip


def _json(one: Refusal) -> bytes:
    return json.dumps({"error": f"{say(one.what)} {say(one.point)}", "number": ""}, ensure_ascii=False).encode()


class Reader(HTTPRequestParser):  # type: ignore[misc]  # the library has no types
    """Reads a body that is too large to its end and keeps nothing of it.

    A browser reads the answer when it has sent everything: closed before that, it shows «connection reset» and no page.
    """

    _left = 0

    def received(self, data: bytes) -> int:
        """Take what arrived; return how many bytes of it belong to this request."""
        if self._left:
            taken = min(len(data), self._left)
            self._left -= taken
            self.completed = not self._left
            return taken
        taken = int(super().received(data))
        if isinstance(self.error, RequestEntityTooLarge) and not self.chunked and not self.expect_continue:
            self._left = min(self.content_length, READ_TO_THE_END)
            self.completed = not self._left
        return taken


def speak(sockets: Mapping[int, Any], app: Flask) -> None:
    """Let the listening sockets of a waitress server (its ``map``) refuse with our pages."""
    made = pages(app)

    class Refusing(ErrorTask):  # type: ignore[misc]  # the library has no types
        """Waitress's own answer, with another body."""

        def execute(self) -> None:
            """Write the answer and close: whatever else the client sends is not read."""
            code = self.request.error.code
            page, for_script = made.get(code) or made[400]
            script = "application/json" in self.request.headers.get("ACCEPT", "")
            body = for_script if script else page
            self.status = f"{code} {self.request.error.reason}"
            self.response_headers.append(
                ("Content-Type", "application/json" if script else "text/html; charset=utf-8"),
            )
            self.response_headers.extend([*ALWAYS.items(), ("Cache-Control", "no-store")])
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class Channel(HTTPChannel):  # type: ignore[misc]  # as above
        """A connection whose refusals are ours."""

        error_task_class, parser_class = Refusing, Reader

    for one in sockets.values():
        if hasattr(one, "channel_class"):  # and not the trigger that wakes the loop
            one.channel_class = Channel
