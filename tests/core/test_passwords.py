"""Which passwords are refused: what is guessed early, however it is disguised (security.md 6), and what is let through."""

import pytest

from workflow_app.features.people.passwords import LEAST, MOST, context, problems

OWN = ("Новикова", "Анна", "Ильинична", "novikova", "novikova@example.ru")

# Kinds of disguise, each with its examples: digits and signs for letters in both alphabets, in front, behind and inside.
DISGUISED = {
    "signs for Latin letters": ["P@ssw0rd1", "Passw0rd!", "Adm1n2026", "@dm1n!2026", "P455w0rd!", "2026!Adm1n", "d1rector2026"],
    "digits for Russian letters": ["П@роль123", "пар0ль!!", "с0лнышк0", "к0р0ва123", "ш0к0лад7"],
    "Latin letters among Russian ones": ["Пaрoль2026", "Мocквa2026"],
    "the other layout": ["gfhjkm123", "ghbdtn2026", "Vfhbyf1985", "Ghbdtn!1"],
    "walks over the Latin keyboard": ["qwertyui", "1qaz2wsx", "!QAZ2wsx", "zaq12wsx", "1q2w3e4r5t", "zxcvbnm,."],
    "walks over the Russian keyboard": ["йцукенгш", "ЙЦУКЕН2026", "фывапролдж", "1й2ц3у4к", "й1ц2у3к4", "йфяцычувс"],
    "repeats and rows": ["11111111", "абвабвабв", "абвгдежз", "летолето", "7777777a", "12345678"],
    "dates": ["01011985", "12.03.1985", "1985-03-12"],
    "reversed": ["drowssap1", "ьлорап123"],
    "own names and the centre": ["Новикова2026", "AnnaN0vikova", "новикова_анна", "novikova@example.ru", "imc-imc-1", "Алапаевск-2026"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "examples"), DISGUISED.items(), ids=list(DISGUISED))
def test_a_guessed_password_is_refused_in_every_disguise(kind, examples):
    assert [one for one in examples if not problems(one, OWN)] == []


@pytest.mark.parametrize("word", ["dragon", "любовь", "k.,jdm", "michael", "привет", "учитель", "школа"])
def test_digits_and_signs_around_a_word_make_it_no_better(word):
    shapes = (word * 2, f"{word}2026", f"!{word}!!!", f"{word.upper()}007", f"123{word}", f"{word.capitalize()}-26!")
    assert [one for one in shapes if len(one) >= LEAST and not problems(one)] == []


@pytest.mark.parametrize(
    "password",
    [
        "корова жуёт синий забор", "hV7#qLw2", "wf8dk2mq", "мшлрбдцх", "x7Kp" * 16 + "Zq", "  две коровы  ", "🐘🐘 слон идёт в школу",
        "тёплый-вечер-у-Нейвы", "correct horse battery staple", "Хлеб-Соль-Туман-8", "снег за окном тает",
    ],
)  # fmt: skip
def test_an_unusual_password_is_taken_whatever_it_is_made_of(password):
    assert problems(password, OWN) == ()


def test_the_length_alone_decides_what_is_said_first():
    assert "короткий" in str(problems("й" * (LEAST - 1))[0])
    assert "длинный" in str(problems("ж" * (MOST + 1))[0])


def test_the_words_of_one_person_are_weak_for_that_person_alone():
    """The estimator keeps lists for everybody; what one person is called never gets into them."""
    assert "из вашего имени" in str(problems("Гжатенкова26", ("Гжатенкова",))[0])
    assert problems("Гжатенкова26") == ()
    assert "из вашего имени" in str(problems(f"{max(context(), key=len)}1")[0])
