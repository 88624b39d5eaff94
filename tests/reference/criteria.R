# Log-likelihood, AIC and BIC of least squares by R's lm, for tests/core/test_least_squares.py.
# Rscript criteria.R   writes criteria.json beside this file.
suppressPackageStartupMessages(library(jsonlite))
data("Grunfeld", package = "plm")

criteria <- function(m) list(loglik = as.numeric(logLik(m)), aic = AIC(m), bic = BIC(m))
g <- inv ~ value + capital
dummies <- update(g, . ~ . + factor(firm) + factor(year))
res <- list(
  pooled = criteria(lm(g, Grunfeld)),
  weighted = criteria(lm(g, Grunfeld, weights = capital)),
  effects = criteria(lm(dummies, Grunfeld)),
  weighted_effects = criteria(lm(dummies, Grunfeld, weights = capital))
)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
write(toJSON(res, digits = 15, auto_unbox = TRUE, pretty = TRUE), file.path(here, "criteria.json"))
