"""Why a letter did not leave, in words, and what to do: read from what the mail server said. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from workflow_app.errors import N_, Sentence


@dataclass(frozen=True, slots=True)
class Reason:
    """What happened and what helps; ``ours``: nothing is wrong with the letter, it leaves by itself once the server answers."""

    what: Sentence
    todo: Sentence
    ours: bool = False


_WAIT = N_("Ничего делать не нужно: система повторит сама. Если так весь день, скажите тому, кто обслуживает сервер.")
_ADDRESS = N_("Проверьте адрес в карточке человека, исправьте его и нажмите «Отправить ещё раз».")
_OPERATOR = N_("Скажите тому, кто обслуживает сервер.")
_KNOWN: Final[tuple[tuple[str, Reason], ...]] = (
    (r"^mail folder", Reason(N_("Папка сервера, в которую складываются письма, не принимает файлы."), _OPERATOR, ours=True)),
    (r"^SMTPSenderRefused: \((?!53[045]|552)\d", Reason(N_("Наш почтовый сервер не принял адрес отправителя."),
     N_("Проверьте настройку mail_from: её меняет тот, кто обслуживает сервер."), ours=True)),
    (r"not an address", Reason(N_("Адрес записан с ошибкой."), _ADDRESS)),
    (r"\b(550|551|553)\b.*(user|mailbox|recipient|address|account|5\.1\.)|\b5\.1\.[0-3]\b",
     Reason(N_("Почтовый сервер получателя не знает такого адреса."), _ADDRESS)),
    (r"\b(552|452)\b|mailbox (is )?full|quota|\b[45]\.2\.2\b",
     Reason(N_("Почтовый ящик получателя переполнен."), N_("Сообщите человеку по телефону, потом отправьте ещё раз."))),
    (r"authentication|\b53[045]\b", Reason(N_("Наш почтовый сервер не принял имя или пароль."),
     N_("Проверьте настройку mail: её меняет тот, кто обслуживает сервер."), ours=True)),
    (r"spam|blacklist|blocked|policy|\b5\.7\.", Reason(N_("Почтовый сервер получателя не принимает письма нашего сервера."),
     N_("Скажите тому, кто обслуживает сервер: нужны записи SPF и DKIM. Человеку позвоните."))),
    (r"timed? ?out|refused|gaierror|unreachable|getaddrinfo|name or service|no route|reset by peer|disconnected|closed",
     Reason(N_("Почтовый сервер не отвечает."), _WAIT, ours=True)),
    (r"certificate|ssl", Reason(N_("Сертификат почтового сервера не прошёл проверку."), _OPERATOR, ours=True)),
    (r"\b(421|450|451|4\.\d\.\d)\b", Reason(N_("Почтовый сервер просит подождать."), _WAIT, ours=True)),
)  # fmt: skip
OTHER: Final = Reason(N_("Почтовый сервер не принял письмо."), N_("Покажите ответ сервера тому, кто его обслуживает."))


def reason_of(error: str) -> Reason:
    """Return what a server's answer means; the first that fits, the letter's own faults before the server's."""
    return next((one for pattern, one in _KNOWN if re.search(pattern, error, re.IGNORECASE | re.DOTALL)), OTHER)
