"""Files of the demo's cases: what an applicant would attach, with words that fit the form. Invented, nothing is copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from workflow_app.case_types.declaration import listed
from workflow_app.demo import sample_programme
from workflow_app.demo.sample_forms import ATTESTATION, MATERIAL, RESULTS, Work
from workflow_app.documents.docx import blocks as b
from workflow_app.documents.docx import write
from workflow_app.files import sample_pdf

REAL = "c_koval_programme"  # the work whose product is the centre's own programme
_SECTIONS = {
    "internal_monitoring": "Внутренний мониторинг", "external_monitoring": "Внешний мониторинг", "abilities": "Развитие способностей",
    "contribution": "Личный вклад", "methodical_work": "Методическая работа",
}  # fmt: skip
_LESSON = (
    "Подготовка занимает не больше получаса. Нужны распечатанные листы, цветные карандаши и часы, которые видны всем.",
    "Начните с вопроса, на который у группы нет готового ответа, и дайте две минуты на раздумье: торопить здесь нельзя.",
    "Работа идёт в парах. Педагог слушает и записывает слова детей, а вмешивается, только когда пара просит помощи.",
    "В конце каждый называет одно наблюдение и одно сомнение; сомнения становятся вопросами следующей встречи.",
)


@dataclass(frozen=True, slots=True)
class Good:
    """One file: the kind of attachment, its name, content and type."""

    kind: str
    name: str
    content: bytes
    media_type: str = sample_programme.PDF


_DONE = {
    one.value: str(one.label) for one in listed("platform_results", "done")
}  # how a step of a plan ended, in words


def goods_of(work: Work, made: datetime) -> Iterator[Good]:
    """Yield the files of a work, the required ones first."""
    if work.kind == ATTESTATION:
        yield from _attestation(work)
    elif work.kind == MATERIAL:
        yield Good("material", "Материал.docx", as_docx(work, made), sample_programme.DOCX)
        yield Good("supplement", "Лист наблюдения.pdf", _pdf("Лист наблюдения", "\n\n".join(_LESSON)))
    elif work.kind == RESULTS:
        yield Good("report", "Отчёт о результатах.docx", as_docx(work, made), sample_programme.DOCX)
        yield Good("products", "Продукты периода.pdf", _pdf("Продукты периода", "\n\n".join(_rows(work, "products"))))
    elif work.key == REAL:
        yield Good("product", sample_programme.DOCX_NAME, sample_programme.as_docx(), sample_programme.DOCX)
        yield Good("product", sample_programme.PDF_NAME, sample_programme.as_pdf())
        yield Good("effects_data", "Данные об эффектах.pdf", _pdf("Данные об эффектах", str(work.form["effects"])))
    else:
        yield Good("product", "Описание продукта.docx", as_docx(work, made), sample_programme.DOCX)
        yield Good("effects_data", "Данные об эффектах.pdf", _pdf("Данные об эффектах", str(work.form["effects"])))


def revised(work: Work, made: datetime) -> Good:
    """Return the revised main file of a work's next round."""
    kind = "material" if work.kind == MATERIAL else "product"
    return Good(
        kind,
        "Материал, доработанный.docx",
        as_docx(work, made, "Исправлено по замечаниям экспертов."),
        sample_programme.DOCX,
    )


def scan(title: str) -> bytes:
    """Return what stands for the scan of a paper signed by hand."""
    return _pdf(title, "Подписано собственноручно. Скан листа с подписью (учебный пример).")


def as_docx(work: Work, made: datetime, preface: str = "") -> bytes:
    """Return the work as a Word file."""
    form = work.form
    told = [str(form[name]) for name in ("problem", "novelty", "resources", "risks", "replication") if form.get(name)]
    told = told or [
        *_rows(work, "steps"),
        *_rows(work, "indicators"),
        str(form.get("difficulties", "")),
        str(form.get("next_plan", "")),
    ]
    told = [one for one in told if one] or [str(form["annotation"]), *_LESSON, str(form.get("approbation_result", ""))]
    blocks: list[b.Block] = [b.Paragraph(b.text(preface))] if preface else []
    blocks += [b.Heading("О чём эта работа"), b.Paragraph(b.text(str(form["annotation"]))), b.Heading("Содержание")]
    blocks += [b.Paragraph(b.text(words)) for words in told if words]
    return write.write(
        b.Document(
            kind="work", form="record", title=work.title, heading="Материалы для экспертизы", organisation=(), number=None,
            date=f"{made:%d.%m.%Y}", place="г. Алапаевск", blocks=tuple(blocks),
            properties=b.Properties(work.title[:200], "Автор", made),
        )
    )  # fmt: skip


def _rows(work: Work, name: str) -> list[str]:
    """Return the rows of a table of the form, a line each."""
    return [" – ".join(_DONE.get(str(one), str(one)) for one in row.values()) for row in work.form.get(name) or ()]


def _attestation(work: Work) -> Iterator[Good]:
    said = f"Прошу провести всесторонний анализ результатов моей профессиональной деятельности. {work.title}.\n\n{work.form['education']}."
    yield Good("application", "Заявление.pdf", _pdf("Заявление", said))
    report = dict(work.form.get("report") or {})
    told = "\n\n".join(f"{title}. {report[key]}" for key, title in _SECTIONS.items() if report.get(key))
    yield Good("evidence", "Подтверждающие материалы.pdf", _pdf("Подтверждающие материалы", told))
    if work.form.get("current_category") not in (None, "", "none"):
        yield Good(
            "category_order",
            "Копия приказа о категории.pdf",
            _pdf("Копия приказа", str(work.form.get("current_act", ""))),
        )
    if work.form["target_category"] in ("methodist", "mentor"):
        yield Good(
            "petition",
            "Ходатайство.pdf",
            _pdf("Ходатайство работодателя", "Организация ходатайствует о рассмотрении заявления."),
        )


@cache
def _pdf(title: str, text: str) -> bytes:
    return sample_pdf.pdf_from_text(title, text)
