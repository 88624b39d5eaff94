# Two-stage least squares and its tests by R AER, for tests/estimators/test_iv.py and
# tests/diagnostics/test_iv_*.py.
# Rscript ivreg.R   writes ivreg.json beside this file.
suppressPackageStartupMessages({library(AER); library(sandwich); library(jsonlite)})

model <- function(m, cluster) {
  s <- summary(m, diagnostics = TRUE)
  h <- summary(m, diagnostics = TRUE, vcov. = function(x) vcovHC(x, type = "HC1"))
  list(names = names(coef(m)), coef = unname(coef(m)), vcov = unname(vcov(m)),
       hc0 = unname(vcovHC(m, type = "HC0")), hc1 = unname(vcovHC(m, type = "HC1")),
       cluster = unname(vcovCL(m, cluster = cluster, type = "HC0", cadjust = FALSE)),
       df = m$df.residual, r2 = s$r.squared, adj = s$adj.r.squared, sigma = m$sigma,
       tests = unname(s$diagnostics), tests_hc1 = unname(h$diagnostics),
       test_names = rownames(s$diagnostics))
}

data("Crime", package = "plm")
crime <- ivreg(lcrmrte ~ lprbarr + lpolpc + lprbconv + lprbpris + lavgsen + factor(county) + factor(year) |
               . - lprbarr - lpolpc + ltaxpc + lmix + lpctymle, data = Crime)
data("CigarettesSW", package = "AER")
# Stock and Watson's demand for cigarettes in 1995, ?ivreg.
c95 <- subset(transform(CigarettesSW, rprice = price / cpi, rincome = income / population / cpi,
                        tdiff = (taxs - tax) / cpi), year == "1995")
cigarettes <- ivreg(log(packs) ~ log(rprice) + log(rincome) | log(rincome) + tdiff + I(tax / cpi), data = c95)
res <- list(crime = model(crime, Crime$county), cigarettes = model(cigarettes, c95$state),
            versions = list(R = R.version.string, AER = as.character(packageVersion("AER"))))
keep <- grep("factor", res$crime$names, invert = TRUE)
for (name in c("vcov", "hc0", "hc1", "cluster")) res$crime[[name]] <- res$crime[[name]][keep, keep]
res$crime$names <- res$crime$names[keep]; res$crime$coef <- res$crime$coef[keep]
write_json(res, "ivreg.json", auto_unbox = TRUE, digits = 15)
