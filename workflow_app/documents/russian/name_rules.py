"""Rules of Russian declension that stand above the library of ``names``: where it is wrong, the grammar says how it is.

Sources: А. А. Зализняк, «Грамматический словарь русского языка» (fleeting vowels, stress of the endings); Д. Э.
Розенталь, «Справочник по правописанию и литературной правке», §§ 149-150 (foreign names, double surnames, what does
not decline). A rule gives the genitive, dative, accusative and instrumental of one word in small letters, or None,
where the library is right. What even grammar cannot decide (a Чаплин of ours or of theirs, the stress in a rare word)
is why every form waits for a person's confirmation.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Forms = tuple[str, str, str, str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOWELS: Final = "аеёиоуыэюя"
# Fleeting vowels and stems that change (Зализняк, * and the list of unusual stems): nominative, genitive.
_STEMS: Final = dict(
    pair.split(":")
    for pair in _words(
        """
    багор:багра бес:беса бобёр:бобра бобер:бобра бугор:бугра ветер:ветра вихор:вихра воробей:воробья
    деготь:дегтя дёготь:дёгтя дятел:дятла жеребей:жеребья камень:камня ковер:ковра ковёр:ковра коготь:когтя
    козел:козла козёл:козла корень:корня костер:костра костёр:костра котел:котла котёл:котла кремень:кремня
    лапоть:лаптя лев:льва лёд:льда лед:льда лён:льна лен:льна лоб:лба локоть:локтя ломоть:ломтя мох:мха
    муравей:муравья гребень:гребня ноготь:ногтя огонь:огня орел:орла орёл:орла осел:осла осёл:осла
    осетер:осетра осётр:осетра павел:павла парень:парня пень:пня пепел:пепла перстень:перстня пёс:пса пес:пса
    петр:петра пётр:петра плетень:плетня посол:посла репей:репья ремень:ремня рот:рта ручей:ручья ров:рва
    соловей:соловья сон:сна студень:студня день:дня угол:угла уголь:угля узел:узла улей:улья хохол:хохла
    хребет:хребта чехол:чехла чирей:чирья шатер:шатра шатёр:шатра шершень:шершня шов:шва ёрш:ерша щебень:щебня
    щегол:щегла ёж:ежа заяц:зайца ливень:ливня бредень:бредня сбитень:сбитня журавель:журавля
    стебель:стебля кашель:кашля селезень:селезня поршень:поршня шкворень:шкворня овёс:овса овес:овса
    """
    )
)
# Nouns on -ок with a fleeting vowel; those on -чок, -шок, -жок, -онок, -енок all have it.
_OK: Final = _words(
    """
    белок брусок вершок ветерок возок волосок вьюнок глазок голосок голубок городок грибок гудок дубок едок
    ездок желток звонок знаток зубок кипяток клубок колобок комок кусок лесок листок лобок молоток мосток
    носок песок платок подарок погребок порядок потолок росток рядок свисток седок сурок сучок сынок сырок
    творожок уголок ходок холодок хвосток хохолок цветок чубок чулок горобок воробок зверок островок желудок
    напиток стрелок бобок
    """
)
# Nouns on -ец that are stressed on the ending: «Швецом», but «Немцем».
_STRESSED_EC: Final = _words(
    """
    беглец близнец боец борец бубенец венец воронец глупец гонец гордец горобец гребец дворец делец жеребец
    жилец жнец жрец истец конец кравец кузнец купец леденец ловец льстец малец мертвец молодец мудрец образец
    огурец отец певец песец писец пловец подлец птенец резец рубец самец скворец слепец стрелец творец удалец
    хитрец храбрец холодец чернец чтец швец щипец
    """
)
# Surnames on -ец that keep the vowel though one consonant stands before it.
_KEPT_EC: Final = _words("бурец кобец штирлец")
# Words on a sibilant and -а that are stressed on it: «Левшой», but «Грушей».
_STRESSED_A: Final = _words(
    """
    алыча бахча вожжа ганжа душа епанча каланча лапша левша межа овца паранджа парча парша праща пыльца
    саранча свеча ханжа ходжа чесуча
    """
)
# The same for men on a sibilant: «Ткачом», but «Гайдашем»; and one that the library takes for stressed.
_STRESSED_HUSH: Final = _words(
    """
    барыш борщ голыш гуляш камыш карандаш кирпич клещ ключ ковш крепыш кулич лещ луч малыш меч палаш паралич плащ плющ прыщ
    сургуч хвощ хрущ хрящ шалаш
    """
)
# Men on -ач take the stress on the ending (Зализняк: the suffix -ач): «Пугачом», «Деркачом»; these do not, being words
# of a stem in -ач or names from elsewhere.
_UNSTRESSED_ACH: Final = _words("апач ковач лукач плач такач")
_STRESSED_YA: Final = _words("илья кутья судья скамья семья свинья статья бадья ладья")
# Words on a stressed -а, -я that do not decline (Розенталь, § 149: French names).
_FRENCH: Final = _words("брока дега дюма ферма золя люка николя петипа тома труайя")
_POSSESSIVE: Final = _words(
    """
    божий бычий вдовий волчий вражий заячий казачий козий кабаний коровий лисий медвежий олений
    охотничий овечий птичий пастуший рыбий соболий третий верблюжий бараний девичий
    """
)
# Monosyllables on -ой are nouns (Цой, Бой), save for these; longer words are adjectives, save for those.
_ADJECTIVES_OY: Final = frozenset({"злой"})
_NOUNS_IY: Final = frozenset({"пугачий", "топчий"})  # beside words of one syllable (Кий); the others are adjectives
_NOUNS_OY: Final = _words("герой запой левкой отбой покой прибой разбой устой удой убой")
# Germans and English on -ов, -ин: the instrumental has -ом (Розенталь, § 150).
_FOREIGN: Final = _words(
    """
    бюлов вирхов гутцков флотов болдуин гершвин годвин грин гудвин дарвин дин ирвин кальвин кельвин кронин
    марвин мервин франклин цеппелин чемберлин эрвин
    """
)
_GERMAN_IH: Final = frozenset({"миних", "мюнних"})
# Women whose surname is a noun: «Корову», «Калину», not «Коровой» in the genitive.
_NOUNS_VA: Final = _words(
    """
    бова голова дуброва калина корова кручина подкова полова сова смородина тычина щербина година паутина
    """
)
# Women's names of the third declension that the library leaves as they are, and men's on -о that decline.
_THIRD: Final = _words("адель айгуль айсель асель гузель гюзель рузиль сабиль")
_DANILO: Final = _words("гаврило данило кирило михайло самойло")
_PETRO: Final = _words("дмитро павло петро")
_SOFT: Final = "лнрдтзсбпвмф"


def special(part: Literal["last", "first", "middle"], word: str, gender: Literal["m", "f"]) -> Forms | None:
    """The four oblique forms of a simple word in small letters, where the library must not be asked; None elsewhere."""
    found = _unchanging(part, word, gender) or _on_a(part, word)
    if found is None and gender == "m":
        found = _masculine(part, word)
    if found is None and gender == "f":
        found = _feminine(part, word)
    return found


def mended(word: str, forms: Forms, gender: Literal["m", "f"]) -> Forms:
    """The library's forms with what it gets wrong in any word: «Оуэным», «Рэй» unchanged, «Глухым»."""
    genitive, dative, accusative, instrumental = forms
    if gender == "m" and genitive == word and word[-1] not in _VOWELS + "ь" and not _plural_adjective(word):
        stem, ends = (word[:-1], ("я", "ю", "я", "ем")) if word.endswith("й") else (word, ("а", "у", "а", "ом"))
        return _with(stem, *ends)
    if instrumental.endswith("ым") and instrumental[:-2] == word and not re.search("(?:[оеё]в|[иы]н)$", word):
        instrumental = f"{word}ом"
    if re.search("[кгхжшщч]ым$", instrumental):
        instrumental = f"{instrumental[:-2]}им"
    return (genitive, dative, accusative, instrumental)


def _with(stem: str, genitive: str, dative: str, accusative: str, instrumental: str) -> Forms:
    return (f"{stem}{genitive}", f"{stem}{dative}", f"{stem}{accusative}", f"{stem}{instrumental}")


def _plural_adjective(word: str) -> bool:
    """«Черных», «Гремитских»: a genitive plural; «Фрейндлих», «Дитрих» are not."""
    return word.endswith("ых") or (
        word.endswith(("ких", "гих", "хих", "ших", "жих", "чих", "щих", "них", "карих")) and word not in _GERMAN_IH
    )


def _unchanging(part: str, word: str, gender: str) -> Forms | None:
    """What never declines: -о, -е, -и, -у, -ю, -ых, French -а, women's names on a consonant (Розенталь, § 149)."""
    if part == "first" and gender == "f":  # «Клаудиа», «Тома» decline, «Доротеа» and «Гретхен» do not
        stays = re.search("[еэ]а$|[иеёуюыэо]$", word) or word[-1] not in _VOWELS + "ь"
    else:
        stays = (
            word in _FRENCH
            or re.search("[уоеэи]а$|[иеёуюыэ]$", word)
            or (part == "last" and (word.endswith("о") or _plural_adjective(word)))
            or (gender == "f" and word[-1] not in _VOWELS)
        )
    return (word, word, word, word) if stays else None


def _on_a(part: str, word: str) -> Forms | None:
    """Words on -а after a sibilant or ц, on -ия and on -ья: their endings follow the stem and the stress."""
    stem = word[:-1]
    if re.search("[жшчщц]а$", word):
        genitive = "ы" if stem.endswith("ц") else "и"
        return _with(stem, genitive, "е", "у", "ой" if word in _STRESSED_A else "ей")
    if word.endswith("ия"):
        return _with(stem, "и", "и", "ю", "ей")
    if word in _STRESSED_YA:
        return _with(stem, "и", "е", "ю", "ёй")
    return None if part != "last" or not word.endswith("оя") else _with(stem, "и", "е", "ю", "ей")


def _masculine(part: str, word: str) -> Forms | None:
    if part == "middle":
        return _with(word, "а", "у", "а", "ем") if word.endswith("ыч") else None
    if word in _STEMS:
        return _second(_STEMS[word])
    if part == "first":
        return _first_name(word)
    if word in _STRESSED_HUSH or word == "сторож" or (word.endswith("ач") and word not in _UNSTRESSED_ACH):
        return _with(word, "а", "у", "а", "ем" if word == "сторож" else "ом")
    return _adjective(word) or _fleeting(word) or _foreign(word)


def _first_name(word: str) -> Forms | None:
    if word in _DANILO:
        return _with(word[:-1], "ы", "е", "у", "ой")
    if word in _PETRO:
        return _with(word[:-1], "а", "у", "а", "ом")
    if word.endswith("ек"):  # Марек, Джек: the library softens them
        return _with(word, "а", "у", "а", "ом")
    if word.endswith(("ец", "иц", "ац", "йц")):
        return _with(word, "а", "у", "а", "ем")
    return _fleeting(word) if word.endswith(("ёк", "чок", "колобок")) else None


def _second(genitive: str) -> Forms:
    """Second declension from its genitive: the ending is stressed where the vowel has fled, save after ц."""
    stem, soft = genitive[:-1], genitive.endswith("я")
    if not soft:
        return _with(stem, "а", "у", "а", "ем" if stem.endswith("йц") else "ом")
    stressed = genitive[:-1].endswith("ь") or genitive in {"огня", "пня", "дня", "ремня", "кремня", "угля", "плетня"}
    return _with(stem, "я", "ю", "я", "ём" if stressed or genitive == "ломтя" else "ем")


def _adjective(word: str) -> Forms | None:
    if word in _POSSESSIVE:
        return _with(f"{word[:-2]}ь", "его", "ему", "его", "им")
    if word.endswith("цый"):
        return _with(word[:-2], "его", "ему", "его", "ым")
    vowels = sum(letter in _VOWELS for letter in word)
    if word.endswith("ий") and (vowels == 1 or word in _NOUNS_IY):
        return _with(word[:-1], "я", "ю", "я", "ем")
    if not word.endswith("ой"):
        return None
    if (vowels == 1 and word not in _ADJECTIVES_OY) or word in _NOUNS_OY:
        return _with(word[:-1], "я", "ю", "я", "ем")
    return _with(word[:-2], "ого", "ому", "ого", "им" if word[-3] in "кгхжшщч" else "ым")


def _fleeting(word: str) -> Forms | None:
    """«Купец» loses its vowel, «Кузнец» cannot; «Рыбачок», «Конёк», «Орешек»."""
    if word.endswith("ец") and len(word) > len("ец"):
        return _on_ec(word)
    if word in _OK or re.search("[аеёиоуыэюя].*(?:[чшж]ок|[оёе]нок)$|[оеуы][чш]ек$", word):
        return _with(f"{word[:-2]}к", "а", "у", "а", "ом")
    if word.endswith("ёк") and len(word) > len("Гёк"):  # a word of one syllable keeps its vowel
        soft = "й" if word[-3] in _VOWELS else "ь" if word[-3] in _SOFT else ""
        return _with(f"{word[:-2]}{soft}к", "а", "у", "а", "ом")
    return None


def _on_ec(word: str) -> Forms:
    stem, ending = word[:-2], "ом" if word in _STRESSED_EC else "ем"
    if stem[-1] in _VOWELS:  # Коломиец, Китаец
        return _with(f"{stem}йц", "а", "у", "а", ending)
    if len(stem) == 1 or stem[-2] not in _VOWELS or word in _KEPT_EC:
        return _with(word, "а", "у", "а", ending)
    return _with(f"{stem}{'ь' if stem.endswith('л') else ''}ц", "а", "у", "а", ending)


def _foreign(word: str) -> Forms | None:
    if word in _FOREIGN or word.endswith(("ффин", "уин")):
        return _with(word, "а", "у", "а", "ом")
    return None


def _feminine(part: str, word: str) -> Forms | None:
    if part == "first" and word in _THIRD:
        return (f"{word[:-1]}и", f"{word[:-1]}и", word, f"{word}ю")
    if part != "last":
        return None
    if word in _NOUNS_VA:
        return _with(word[:-1], "ы", "е", "у", "ой")
    if word.endswith("ья") and f"{word[:-2]}ий" in _POSSESSIVE:
        return _with(word[:-1], "ей", "ей", "ю", "ей")
    return None
