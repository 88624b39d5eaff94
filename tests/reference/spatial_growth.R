# Spatial regressions by spatialreg and spdep, stored in spatial_growth.json. Run from here.
#
# Two data sets: Anselin's Columbus (spdep's oldcol) with the rows of the weights standardised and
# not, and growth of China's provinces 2016-2022 (spatial_growth.csv: gdp_real / population of the
# shipped panel in both years, industry_share and zone of 2016) with the shipped borders.
# R's optimize() stops where the likelihood no longer changes, 1e-8 in rho; tol.opt asks for that.
# Standard errors of impacts: spatialreg simulates them; here they are the delta method with the
# derivatives of its exact impacts taken numerically and its own covariance matrix.
suppressMessages({library(spdep); library(spatialreg)})
tight <- list(tol.opt = .Machine$double.eps)

lm_tests <- function(model, w) {
  found <- lm.LMtests(model, w, test = "all")
  lapply(found, function(t) c(unname(t$statistic), t$p.value))
}

exact <- function(theta, names, W) {  # theta: rho, coefficients
  S <- solve(diag(nrow(W)) - theta[1] * W)
  b <- setNames(theta[-1], names)
  own <- setdiff(names[!startsWith(names, "lag.")], "(Intercept)")
  unlist(lapply(own, function(v) {
    near <- if (paste0("lag.", v) %in% names) b[[paste0("lag.", v)]] else 0
    M <- S %*% (b[[v]] * diag(nrow(W)) + near * W)
    direct <- mean(diag(M)); total <- mean(rowSums(M))
    setNames(c(direct, total - direct, total), paste(v, c("direct", "indirect", "total")))
  }))
}

lag_fit <- function(formula, data, w, W, durbin = FALSE) {
  m <- lagsarlm(formula, data, w, Durbin = durbin, control = tight)
  names <- names(coef(m))[-1]
  theta <- coef(m)
  V <- m$resvar[-1, -1]
  at <- exact(theta, names, W)
  J <- sapply(seq_along(theta), function(j) {
    h <- 1e-5 * abs(theta[j]); up <- down <- theta; up[j] <- up[j] + h; down[j] <- down[j] - h
    (exact(up, names, W) - exact(down, names, W)) / (2 * h)
  })
  own <- impacts(m, listw = w)
  # Of weights that do not add up to one spatialreg's total is b/(1 - rho), no mean of row sums.
  for (part in if (all(abs(rowSums(W) - 1) < 1e-12)) c("direct", "indirect", "total") else "direct")
    stopifnot(all.equal(as.numeric(own[[part]]), unname(at[endsWith(names(at), paste0(" ", part))])))
  list(names = names, coef = unname(theta[-1]), rho = unname(theta[1]),
       se = unname(c(m$rest.se, m$rho.se)), variance = m$s2, loglik = as.numeric(logLik(m)),
       aic = AIC(m), aic_ols = m$AIC_lm.model, residuals = unname(residuals(m)),
       impacts = as.list(at), impact_se = unname(sqrt(diag(J %*% V %*% t(J)))))
}

error_fit <- function(formula, data, w, durbin = FALSE) {
  m <- errorsarlm(formula, data, w, Durbin = durbin, control = tight)
  list(names = names(m$coefficients), coef = unname(m$coefficients), rho = unname(m$lambda),
       se = unname(c(m$rest.se, m$lambda.se)), variance = m$s2, loglik = as.numeric(logLik(m)),
       aic = AIC(m), aic_ols = m$AIC_lm.model, residuals = unname(residuals(m)))
}

data(oldcol)
columbus <- function(style) {
  w <- nb2listw(COL.nb, style = style)
  W <- listw2mat(w)
  f <- CRIME ~ INC + HOVAL
  found <- list(lag = lag_fit(f, COL.OLD, w, W), error = error_fit(f, COL.OLD, w),
                tests = lm_tests(lm(f, COL.OLD), w))
  if (style == "W") {
    found$durbin <- lag_fit(f, COL.OLD, w, W, TRUE)
    found$durbin_error <- error_fit(f, COL.OLD, w, TRUE)
    linear <- summary(impacts(errorsarlm(f, COL.OLD, w, Durbin = TRUE, control = tight)))
    found$durbin_error$impacts <- linear$impacts
    found$durbin_error$impact_se <- linear$se
  }
  found
}

table <- read.csv("spatial_growth.csv", row.names = 1)
borders <- read.csv("../../data/raw/geo/china_adjacency.csv")
W <- matrix(0, nrow(table), nrow(table), dimnames = list(rownames(table), rownames(table)))
for (i in seq_len(nrow(borders))) {
  a <- borders$iso_a[i]; b <- borders$iso_b[i]
  W[a, b] <- W[b, a] <- 1
}
W <- W / rowSums(W)
w <- mat2listw(W, style = "W")
table$growth <- log(table$last / table$first) / 6
table$level <- log(table$first)
china <- list(
  lag = lag_fit(growth ~ level, table, w, W), error = error_fit(growth ~ level, table, w),
  durbin = lag_fit(growth ~ level + industry_share, table, w, W, TRUE),
  zones = lag_fit(growth ~ level + factor(zone), table, w, W, ~ level),
  durbin_error = error_fit(growth ~ level + industry_share, table, w, TRUE),
  tests = lm_tests(lm(growth ~ level, table), w),
  zone_tests = lm_tests(lm(growth ~ level + factor(zone), table), w))

result <- list(versions = c(R = R.version.string, spatialreg = as.character(packageVersion("spatialreg")),
                            spdep = as.character(packageVersion("spdep"))),
               columbus = list(data = COL.OLD[, c("CRIME", "INC", "HOVAL")],
                               neighbours = lapply(COL.nb, as.integer),
                               standardised = columbus("W"), binary = columbus("B")),
               china = china)
write(jsonlite::toJSON(result, digits = I(16), auto_unbox = TRUE, dataframe = "columns"), "spatial_growth.json")
