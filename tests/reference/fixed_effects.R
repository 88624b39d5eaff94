# Fixed effects, weights and their covariances by R plm, stats::lm and sandwich, for the tests of
# tests/estimators/test_ols.py and tests/inference/.
# Rscript fixed_effects.R   writes fixed_effects.json beside this file.
suppressPackageStartupMessages({library(plm); library(sandwich)})

data("Grunfeld", package = "plm"); data("Produc", package = "plm"); data("EmplUK", package = "plm")
data("Cigar", package = "plm"); data("PetersenCL", package = "sandwich")
Gaps <- Produc[seq_len(nrow(Produc)) %% 7 != 0, ]  # unbalanced, with gaps inside a state
g <- inv ~ value + capital
p <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
e <- log(emp) ~ log(wage) + log(capital)
c <- log(sales) ~ log(price / cpi) + log(ndi / cpi)
res <- list()

# plm's within estimator; its sandwiches carry no small-sample factor (type HC0).
within <- function(formula, data, effect, lags) {
  m <- plm(formula, pdata.frame(data), model = "within", effect = effect)
  part <- function(v) unname(as.matrix(v))
  list(names = names(coef(m)), coef = unname(coef(m)), iid = part(vcov(m)), nobs = nobs(m),
       df = m$df.residual, within = unname(r.squared(m)),
       HC0 = part(vcovHC(m, method = "white1", type = "HC0")),
       unit = part(vcovHC(m, method = "arellano", type = "HC0", cluster = "group")),
       time = part(vcovHC(m, method = "arellano", type = "HC0", cluster = "time")),
       both = part(vcovDC(m, type = "HC0")), lags = lags,
       dk = lapply(lags, function(l) part(vcovSCC(m, type = "HC0", maxlag = l))),
       dk_default = part(vcovSCC(m, type = "HC0")))
}
for (case in list(list("grunfeld", g, Grunfeld), list("produc", p, Produc), list("gaps", p, Gaps),
                  list("empluk", e, EmplUK), list("cigar", c, Cigar)))
  for (effect in c("individual", "time", "twoways"))
    res[[paste(case[[1]], effect, sep = "_")]] <- within(case[[2]], case[[3]], effect, c(0, 1, 3))

# lm with explicit dummies and weights; sandwich's cluster adjustment G/(G-1) and, for HC1, its
# (n-1)/(n-k), k with all dummies.
dummies <- function(m, names, data, unit, time) {
  part <- function(v) unname(as.matrix(v)[names, names])
  one <- data[[unit]]; two <- data[[time]]
  list(names = names, coef = unname(coef(m)[names]), iid = part(vcov(m)), sigma = sigma(m),
       r2 = summary(m)$r.squared, adjusted = summary(m)$adj.r.squared, df = df.residual(m),
       HC0 = part(vcovHC(m, type = "HC0")), HC1 = part(vcovHC(m, type = "HC1")),
       unit_CR0 = part(vcovCL(m, cluster = one, type = "HC0", cadjust = FALSE)),
       unit_areg = part(vcovCL(m, cluster = one, type = "HC1")),
       time_areg = part(vcovCL(m, cluster = two, type = "HC1")),
       both_CR0 = part(vcovCL(m, cluster = data.frame(one, two), type = "HC0", cadjust = FALSE)),
       both_each = part(vcovCL(m, cluster = data.frame(one, two), type = "HC1")))
}
v <- c("value", "capital"); q <- attr(terms(p), "term.labels")
models <- list(
  grunfeld = list(lm(g, Grunfeld), c("(Intercept)", v), Grunfeld, "firm", "year"),
  grunfeld_weighted = list(lm(g, Grunfeld, weights = value), c("(Intercept)", v), Grunfeld, "firm", "year"),
  grunfeld_no_constant = list(lm(inv ~ 0 + value + capital, Grunfeld), v, Grunfeld, "firm", "year"),
  grunfeld_firm_weighted = list(lm(update(g, . ~ . + factor(firm)), Grunfeld, weights = value), v, Grunfeld, "firm", "year"),
  grunfeld_both_weighted = list(lm(update(g, . ~ . + factor(firm) + factor(year)), Grunfeld, weights = value), v, Grunfeld, "firm", "year"),
  gaps_both_weighted = list(lm(update(p, . ~ . + factor(state) + factor(year)), Gaps, weights = emp), q, Gaps, "state", "year"),
  gaps_region_year = list(lm(update(p, . ~ . + factor(state) + factor(region):factor(year)), Gaps), q, Gaps, "state", "year"),
  petersen = list(lm(y ~ x, PetersenCL), c("(Intercept)", "x"), PetersenCL, "firm", "year"))
for (case in names(models)) res[[paste0("lm_", case)]] <- do.call(dummies, models[[case]])

# Petersen's data: the errors that Zeileis, Koell and Graham (2020) tabulate.
m <- models$petersen[[1]]
pooled <- plm(y ~ x, PetersenCL, model = "pooling", index = c("firm", "year"))
res$petersen_dk <- lapply(0:4, function(l) unname(as.matrix(vcovSCC(pooled, type = "HC0", maxlag = l))))
res$petersen_dk_sandwich <- unname(vcovPL(m, cluster = ~ firm + year, adjust = FALSE))

res$versions <- list(R = R.version.string, plm = as.character(packageVersion("plm")),
                     sandwich = as.character(packageVersion("sandwich")))
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "fixed_effects.json"), digits = I(15), auto_unbox = TRUE)
cat(names(res), sep = "\n")
