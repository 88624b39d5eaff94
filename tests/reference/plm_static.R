# Static panel estimators by R plm, for the tests of tests/estimators/.
# Rscript plm_static.R   writes plm_static.json beside this file.
suppressPackageStartupMessages({library(plm); library(lmtest); library(sandwich)})

model <- function(m, robust = TRUE) {
  out <- list(names = names(coef(m)), coef = unname(coef(m)), vcov = unname(as.matrix(vcov(m))),
              nobs = nobs(m), df = m$df.residual)
  out$r2 <- unname(summary(m)$r.squared)
  if (!is.null(m$ercomp)) {
    out$sigma2 <- as.list(unlist(m$ercomp$sigma2))
    out$theta <- lapply(if (is.list(m$ercomp$theta)) m$ercomp$theta else list(id = m$ercomp$theta),
                        function(t) unname(range(t)))
  }
  if (robust) {
    out$hc0 <- unname(as.matrix(vcovHC(m, method = "white1", type = "HC0")))
    out$cluster_unit <- unname(as.matrix(vcovHC(m, method = "arellano", type = "HC0")))
    out$cluster_time <- unname(as.matrix(vcovHC(m, method = "arellano", type = "HC0", cluster = "time")))
    out$scc <- unname(as.matrix(vcovSCC(m, maxlag = 2, type = "HC0")))
  }
  out
}

data("Grunfeld", package = "plm"); data("Produc", package = "plm"); data("EmplUK", package = "plm")
data("Hedonic", package = "plm"); data("Wages", package = "plm"); data("Crime", package = "plm")
g <- inv ~ value + capital
p <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
e <- log(emp) ~ log(wage) + log(capital)
# An unbalanced panel without gaps inside a state: later years are cut off, some states lose more.
k <- as.integer(factor(Produc$state))
cut_produc <- Produc[Produc$year <= 1986 - k %% 5, ]
res <- list()

# Pooled, between, first difference. plm's default kernel of vcovSCC is Bartlett.
for (case in list(list("grunfeld", g, Grunfeld), list("produc", p, Produc), list("empluk", e, EmplUK))) {
  d <- pdata.frame(case[[3]])
  res[[paste0(case[[1]], "_pooled")]] <- model(plm(case[[2]], d, model = "pooling"))
  res[[paste0(case[[1]], "_between")]] <- model(plm(case[[2]], d, model = "between"), robust = FALSE)
  res[[paste0(case[[1]], "_fd")]] <- model(plm(case[[2]], d, model = "fd"))
  res[[paste0(case[[1]], "_fd_no_constant")]] <- model(plm(update(case[[2]], . ~ . - 1), d, model = "fd"))
}

# Random effects. random.dfcor = 3 asks for unbiased quadratic forms, which plm takes by itself for
# unbalanced panels only.
for (case in list(list("grunfeld", g, Grunfeld), list("produc", p, Produc),
                  list("cut_produc", p, cut_produc), list("empluk", e, EmplUK))) {
  d <- pdata.frame(case[[3]])
  for (effect in c("individual", "time", "twoways")) for (method in c("swar", "walhus", "amemiya", "nerlove")) {
    balanced <- is.pbalanced(d)
    if (method == "nerlove" && effect == "twoways" && !balanced) next  # see docs/equivalences.md
    dfcor <- if (method == "nerlove") NULL else 3
    m <- tryCatch(suppressWarnings(plm(case[[2]], d, model = "random", effect = effect,
                                       random.method = method, random.dfcor = dfcor)), error = function(x) NULL)
    if (is.null(m)) next
    res[[paste(case[[1]], "re", effect, method, sep = "_")]] <-
      model(m, robust = !(effect == "twoways" && !balanced))
  }
}
h <- mv ~ crim + zn + indus + chas + nox + rm + age + dis + rad + tax + ptratio + blacks + lstat
hedonic <- pdata.frame(Hedonic, index = "townid")
for (method in c("swar", "walhus", "amemiya"))
  res[[paste0("hedonic_re_individual_", method)]] <-
    tryCatch(model(plm(h, hedonic, model = "random", random.method = method)), error = function(x) NULL)

# Hausman and Taylor, Amemiya and MaCurdy, Breusch, Mizon and Schmidt.
w <- lwage ~ wks + south + smsa + married + exp + I(exp^2) + bluecol + ind + union + sex + black + ed |
  bluecol + south + smsa + ind + sex + black | wks + married + union + exp + I(exp^2)
wages <- pdata.frame(Wages, index = 595)
for (method in c("baltagi", "am", "bms"))
  res[[paste0("wages_ht_", method)]] <-
    model(plm(w, wages, model = "random", random.method = "ht", inst.method = method), robust = FALSE)

# Fama and MacBeth: the mean group estimator with years as the groups.
for (case in list(list("produc", p, Produc), list("empluk", e, EmplUK))) {
  m <- pmg(case[[2]], case[[3]], index = names(case[[3]])[2:1])
  res[[paste0(case[[1]], "_fm")]] <- list(names = names(coef(m)), coef = unname(coef(m)),
    vcov = unname(as.matrix(vcov(m))), by_year = unname(t(m$indcoef)))
}

res$versions <- list(R = R.version.string, plm = as.character(packageVersion("plm")))
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "plm_static.json"), digits = I(15), auto_unbox = TRUE)
cat(names(res), sep = "\n")
