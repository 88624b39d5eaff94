# Instrumental variables in panels by R plm and AER, for tests/estimators/test_iv_peers.py: some
# counties of Crime, and an unbalanced half of EmplUK.
# Rscript iv_plm.R   writes iv_plm.json beside this file.
suppressPackageStartupMessages({library(plm); library(AER); library(sandwich); library(jsonlite)})

model <- function(m, ...) {
  keep <- grep("factor|Intercept", names(coef(m)), invert = TRUE)
  found <- list(names = names(coef(m))[keep], coef = unname(coef(m)[keep]),
                vcov = unname(vcov(m)[keep, keep, drop = FALSE]), df = m$df.residual)
  if (inherits(m, "plm")) return(found)
  c(found, list(hc0 = unname(vcovHC(m, type = "HC0")[keep, keep, drop = FALSE]),
                cluster = unname(vcovCL(m, type = "HC0", cadjust = FALSE, ...)[keep, keep, drop = FALSE])))
}

data("Crime", package = "plm")
crime <- subset(Crime, county < 40)
f <- lcrmrte ~ lprbarr + lpolpc + lprbconv | . - lprbarr - lpolpc + ltaxpc + lmix + lpctymle
pc <- pdata.frame(crime, index = c("county", "year"))
data("EmplUK", package = "plm")
uk <- subset(EmplUK, firm %% 2 == 0)
uk$lemp <- log(uk$emp); uk$lwage <- log(uk$wage); uk$lcap <- log(uk$capital); uk$lout <- log(uk$output)
pu <- pdata.frame(uk, index = c("firm", "year"))
g <- lemp ~ lwage + lcap | . - lwage + lag(lwage, 2) + lag(lemp, 2)
lags <- data.frame(firm = index(pu)[[1]], year = index(pu)[[2]], lemp = pu$lemp, lwage = pu$lwage, lcap = pu$lcap,
                   w2 = lag(pu$lwage, 2), n2 = lag(pu$lemp, 2))
lags <- lags[complete.cases(lags), ]
dummies <- function(y) paste(y, "+ factor(year)")
res <- list(
  crime_county = model(plm(f, data = pc, model = "within")),
  crime_twoways = model(plm(f, data = pc, model = "within", effect = "twoways")),
  crime_pooling = model(plm(f, data = pc, model = "pooling")),
  crime_differences = model(plm(f, data = pc, model = "fd")),
  crime_dummies = model(ivreg(lcrmrte ~ lprbarr + lpolpc + lprbconv + factor(county) + factor(year) |
                              . - lprbarr - lpolpc + ltaxpc + lmix + lpctymle, data = crime),
                        cluster = crime$county),
  empluk_firm = model(plm(g, data = pu, model = "within")),
  empluk_dummies = model(ivreg(lemp ~ lwage + lcap + factor(firm) + factor(year) | . - lwage + w2 + n2, data = lags),
                         cluster = lags$firm),
  versions = list(R = R.version.string, plm = as.character(packageVersion("plm")),
                  AER = as.character(packageVersion("AER"))))
write_json(res, "iv_plm.json", auto_unbox = TRUE, digits = 15, matrix = "rowmajor")
