# Weighted and autocorrelated errors by R systemfit, nlme and sandwich, for tests/estimators/
# test_fgls.py and tests/inference/test_pcse.py.
# Rscript fgls.R   writes fgls.json beside this file.
suppressPackageStartupMessages({library(plm); library(systemfit); library(nlme); library(sandwich)})
data("Grunfeld", package = "plm"); data("Produc", package = "plm")
res <- list()
keep <- function(b, v) list(coef = unname(b), vcov = unname(as.matrix(v)))

# One equation a firm with equal coefficients: weighted by variances, and by covariances.
five <- pdata.frame(Grunfeld[Grunfeld$firm <= 5, ])
for (method in c("WLS", "SUR")) {
  s <- systemfit(inv ~ value + capital, method = method, data = five, pooled = TRUE,
                 methodResidCov = "noDfCor")
  res[[paste0("five_", method)]] <- keep(coef(s)[1:3], vcov(s)[1:3, 1:3])
}

# A common AR(1) at the estimate from the residuals of least squares, with years missing.
p <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
k <- as.integer(factor(Produc$state))
for (case in list(list("whole", Produc), list("gaps", Produc[(7 * k + 3 * Produc$year) %% 11 != 0, ]))) {
  d <- case[[2]]; d$e <- resid(lm(p, d)); d$lag <- NA
  before <- match(paste(d$state, d$year - 1), paste(d$state, d$year)); d$lag <- d$e[before]
  pairs <- d[!is.na(d$lag), ]
  r <- tapply(pairs$e * pairs$lag, pairs$state, sum) / tapply(pairs$lag^2, pairs$state, sum)
  rho <- weighted.mean(r, table(pairs$state))
  m <- gls(p, d, correlation = corAR1(rho, form = ~ year | state, fixed = TRUE), method = "ML")
  res[[paste0("ar1_", case[[1]])]] <- list(rho = rho, coef = unname(coef(m)),
    vcov_by_sigma2 = unname(m$varBeta / m$sigma^2))
}

# Panel-corrected covariances.
cut_produc <- Produc[Produc$year <= 1986 - k %% 5, ]
m <- lm(inv ~ value + capital, Grunfeld)
res$pcse_grunfeld <- keep(coef(m), vcovPC(m, cluster = ~ firm, order.by = ~ year))
m <- lm(p, cut_produc)
for (pairwise in c(FALSE, TRUE))
  res[[paste0("pcse_cut_produc_", if (pairwise) "pairwise" else "casewise")]] <-
    keep(coef(m), vcovPC(m, cluster = ~ state, order.by = ~ year, pairwise = pairwise))

res$versions <- list(R = R.version.string, systemfit = as.character(packageVersion("systemfit")),
  nlme = as.character(packageVersion("nlme")), sandwich = as.character(packageVersion("sandwich")))
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "fgls.json"), digits = I(15), auto_unbox = TRUE)
