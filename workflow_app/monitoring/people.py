"""Who is one person among mentions: with an account, or by name alone at an organisation; everybody is counted once.

An account is one person, and two accounts are two. A name without an account is the person of an account that is counted, or
of another such name, when full name and organisation are the same: letters as lists compare them («ё» as «е», no case, no
punctuation), initials for whoever has them there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from workflow_app.errors import N_
from workflow_app.monitoring.values import Ref
from workflow_app.spelling import order_key

Name = tuple[str, ...]
Place = int | str | None
"""The number of an organisation, its words where the directory has none of that name, None where none is named."""
HOW: Final = N_(
    "Каждый человек – один раз. Внесённый без учётной записи – тот же человек, что и учётная запись или другая такая строка, если у них "
    "одни ФИО (ё как е, инициалы вместо имени и отчества) и одна организация. Две учётные записи – всегда два человека."
)  # fmt: skip


class Mention(NamedTuple):
    """A row that names a person: by account, by name at a place, or both."""

    row: Ref
    account: int | None
    name: str = ""
    place: Place = None


@dataclass(frozen=True, slots=True)
class Directory:
    """Whom and what the centre knows: name and organisation of accounts, organisations by their words (keys of ``places``)."""

    accounts: Mapping[int, tuple[str, Place]] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    _known: dict[str, tuple[Name, ...]] = field(default_factory=dict, compare=False, repr=False)

    def place(self, organization: int | None, said: str = "") -> Place:
        """Return where somebody works: the organisation, else the one that is called so, else its words."""
        if organization is not None or not said:
            return organization
        key = order_key(said)
        return self.places.get(key, key or None)

    def forms(self, name: str) -> tuple[Name, ...]:
        """Return a name as it is compared, and how it may be written with initials."""
        if name not in self._known:
            whole = words(name)
            self._known[name] = (whole, *_shortened(whole))
        return self._known[name]


def words(name: str) -> Name:
    """Return the words of a name as they are compared, initials behind: «И. И. Ёлкин» is «елкин», «и», «и»."""
    found = [one for one in order_key(name).replace(" ", "-").split("-") if one]
    ahead = next((at for at, one in enumerate(found) if len(one) > 1), 0)
    return (*found[ahead:], *found[:ahead])


def _is_short(name: Name) -> bool:
    return len(name) > 1 and len(name[-1]) == 1


def _shortened(name: Name) -> Iterator[Name]:
    """Yield how a name may be written with initials: any of its beginnings may be the surname."""
    for at in range(1, len(name)):
        for until in range(at + 1, len(name) + 1):
            yield (*name[:at], *(one[0] for one in name[at:until]))


def distinct(mentions: Iterable[Mention], known: Directory) -> dict[object, Ref]:
    """Return the people among mentions, each with the first row that names them: by account, or by (words, place)."""
    accounts: dict[int, Mention] = {}
    named: list[Mention] = []
    free: dict[tuple[tuple[Name, ...], Place], Ref] = {}
    for one in mentions:
        if one.account is None:
            free.setdefault((known.forms(one.name), one.place), one.row)
        else:
            accounts.setdefault(one.account, one)
            named.append(one)
    found: dict[object, Ref] = {account: one.row for account, one in accounts.items()}
    there = set(_called(named, accounts, known)) if free else set()
    # whole names first, then the longer initials: they may be anybody's who has them
    for (forms, place), row in sorted(free.items(), key=lambda one: (_is_short(one[0][0][0]), -len(one[0][0][0]))):
        if (forms[0], place) not in there:
            found[forms[0], place] = row
            there.update((name, place) for name in forms)
    return found


def _called(named: Iterable[Mention], accounts: Iterable[int], known: Directory) -> Iterator[tuple[Name, Place]]:
    """Yield what the accounts may be called, and where: as their rows say, and as the directory does."""
    said = {(one.name, one.place) for one in named if one.name and one.place is not None}
    for name, place in said.union(known.accounts[one] for one in accounts if one in known.accounts):
        yield from ((form, place) for form in known.forms(name))
