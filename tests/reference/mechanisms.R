# Differences between groups, joint covariances and indirect effects by R, for
# tests/diagnostics/test_group_difference.py, test_suest.py and tests/estimators/test_mediation.py.
# Run from this directory: Rscript mechanisms.R
suppressMessages({library(plm); library(sandwich); library(strucchange); library(multcomp); library(systemfit); library(jsonlite)})
data("Produc", package = "plm")
d <- Produc
d$y <- log(d$gsp); d$m <- log(d$emp); d$m2 <- log(d$pc); d$x <- log(d$pcap)
out <- list(R = R.version.string)

# Chow's test of a break in 1980, pooled, iid
s <- d[order(d$year), ]
chow <- sctest(y ~ x + unemp, data = s, type = "Chow", point = sum(s$year < 1980))
out$chow <- list(F = unname(chow$statistic), p = chow$p.value)

# Two outcomes with the same regressors
both <- lm(cbind(y, m) ~ x + unemp, data = d)
out$mlm <- list(names = rownames(vcov(both)), HC0 = vcovHC(both, type = "HC0"),
  cluster0 = vcovCL(both, cluster = d$state, type = "HC0", cadjust = FALSE),
  cluster = vcovCL(both, cluster = d$state, type = "HC0", cadjust = TRUE))

# Two models of one outcome; mmm rescales the sandwich to model-based variances, not its correlations
one <- lm(y ~ x + unemp, data = d); two <- lm(y ~ x + unemp + m, data = d)
out$mmm <- list(correlation = unname(cov2cor(vcov(mmm(one, two)))))

# Indirect effects with effects of states and years as dummies
effects <- function(outcome, mediators) {
  fe <- "unemp + state + factor(year)"
  ym <- lm(as.formula(paste(outcome, "~ x +", paste(mediators, collapse = "+"), "+", fe)), d)
  mm <- lapply(mediators, function(m) lm(as.formula(paste(m, "~ x +", fe)), d))
  psi <- function(fit, terms) (estfun(fit) %*% bread(fit) / nobs(fit))[, terms, drop = FALSE]
  influence <- do.call(cbind, c(list(psi(ym, c("x", mediators))), lapply(mm, psi, "x")))
  a <- sapply(mm, function(f) coef(f)["x"]); b <- coef(ym)[mediators]; k <- length(mediators)
  total <- lm(as.formula(paste(outcome, "~ x +", fe)), d)
  J <- rbind(direct = c(1, rep(0, 2 * k)), t(sapply(1:k, function(j) c(0, (1:k == j) * a, (1:k == j) * b))),
    total = c(1, a, b))
  V <- function(S) list(se = unname(sqrt(diag(J %*% S %*% t(J)))))
  list(a = unname(a), b = unname(b), direct = unname(coef(ym)["x"]), total = unname(coef(total)["x"]),
    HC0 = V(crossprod(influence)), cluster0 = V(crossprod(rowsum(influence, d$state))))
}
out$one_mediator <- effects("y", "m")
out$two_mediators <- effects("y", c("m", "m2"))

# Classical joint covariance of two equations, each with its own n - p
sf <- systemfit(list(y = y ~ x + m + unemp, m = m ~ x + unemp), data = d, method = "OLS",
  methodResidCov = "geomean", singleEqSigma = TRUE)
out$systemfit <- list(names = names(coef(sf)), coef = unname(coef(sf)), cov = unname(sf$coefCov))
out$packages <- sapply(c("plm", "sandwich", "strucchange", "multcomp", "systemfit"), function(p) as.character(packageVersion(p)))
write_json(out, "mechanisms.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
