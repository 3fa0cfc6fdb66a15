"""Make the guides' pictures from those that the browser tests have taken: ``make pictures``."""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TAKEN, KEPT = ROOT / "artefacts" / "browser", ROOT / "docs" / "guide" / "pictures"
WIDTH, HIGHEST, COLOURS = 1200, 750, 96  # pixels, pixels (the first screen), of the palette: some 40 KB a picture
ROAD = "a_methodical_material_goes_the_whole_road_in_the_browser"
PROGRAMME = "the_programme_is_led_from_the_board_to_the_signed_report"
# The guide's name of a picture, and which one of the tests it is (without the width at its end).
PICTURES = {
    "pedagog-zapolnenie": f"{ROAD}-03-step-2",
    "pedagog-zamechaniya": "a_teacher_reads_the_remarks_edits_and_withdraws-02-returned",
    "pedagog-dokumenty": f"{ROAD}-10-documents",
    "koordinator-registraciya": f"{ROAD}-02-register",
    "koordinator-eksperty": f"{ROAD}-04-assign",
    "koordinator-zaklyuchenie": f"{ROAD}-06-consolidate",
    "ekspert-priglashenie": "an_expert_declares_accepts_and_marks_by_the_keyboard-01-invitation",
    "ekspert-list": "an_expert_declares_accepts_and_marks_by_the_keyboard-02-two-panes",
    "direktor-ochered": "a_director_approves_with_the_right_password_only-01-queue",
    "direktor-utverzhdenie": "a_director_approves_with_the_right_password_only-02-approval",
    "programma-gotovnost": f"{PROGRAMME}-01-board",
    "programma-pokazatel": f"{PROGRAMME}-03-indicator",
    "administrator-kartochka": "an_administrator_adds_a_person_who_takes_the_account-02-card",
}


def make(name: str, taken: str) -> None:
    """Cut a picture to the first screen, make it smaller, and keep it under the guide's name."""
    with Image.open(TAKEN / f"{taken}-desktop.png") as whole:
        part = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, HIGHEST * whole.width // WIDTH)))
        small = part.resize((WIDTH, part.height * WIDTH // part.width), Image.Resampling.LANCZOS)
        small.quantize(COLOURS, dither=Image.Dither.NONE).save(KEPT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for guide_name, test_name in PICTURES.items():
        make(guide_name, test_name)
