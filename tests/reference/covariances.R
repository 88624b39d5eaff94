# Covariances by R sandwich, clubSandwich and plm, for the tests of tests/inference/.
# Rscript covariances.R   writes covariances.json beside this file.
suppressPackageStartupMessages({library(plm); library(sandwich); library(clubSandwich)})

data("Grunfeld", package = "plm"); data("Produc", package = "plm")
data("PetersenCL", package = "sandwich"); data("MortalityRates", package = "clubSandwich")
# Unbalanced with gaps: every seventh row of Produc is left out.
Gaps <- Produc[seq_len(nrow(Produc)) %% 7 != 0, ]
Motor <- subset(MortalityRates, cause == "Motor Vehicle" & year <= 1983 & !is.na(beertaxa))
p <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
# clubSandwich takes eigenvalues above 1e-12 for positive. With weights of this spread and regressors
# in levels, rounding makes zero eigenvalues larger than that, and the degrees of freedom are lost;
# regressors in deviation from the same effects give the same slopes without that.
deviation <- function(z) resid(lm(z ~ factor(state) + factor(year), Gaps, weights = emp))
Centred <- with(Gaps, data.frame(gsp, state, year, emp, pcap = deviation(log(pcap)),
                                 pc = deviation(log(pc)), labour = deviation(log(emp)), unemp = deviation(unemp)))
models <- list(
  grunfeld = list(lm(inv ~ value + capital, Grunfeld), c("(Intercept)", "value", "capital"), Grunfeld, "firm"),
  grunfeld_firm = list(lm(inv ~ value + capital + factor(firm), Grunfeld), c("value", "capital"), Grunfeld, c("firm", "year")),
  grunfeld_year_weighted = list(lm(inv ~ value + capital + factor(year), Grunfeld, weights = value), c("value", "capital"), Grunfeld, "firm"),
  grunfeld_weighted = list(lm(inv ~ value + capital + factor(firm), Grunfeld, weights = value), c("value", "capital"), Grunfeld, "firm"),
  produc = list(lm(update(p, . ~ . + factor(state) + factor(year)), Produc), attr(terms(p), "term.labels"), Produc, "state"),
  produc_year = list(lm(update(p, . ~ . + factor(year)), Produc), attr(terms(p), "term.labels"), Produc, c("state", "region")),
  gaps = list(lm(update(p, . ~ . + factor(state) + factor(year)), Gaps), attr(terms(p), "term.labels"), Gaps, c("state", "year")),
  gaps_weighted = list(lm(log(gsp) ~ pcap + pc + labour + unemp + factor(state) + factor(year), Centred, weights = emp), c("pcap", "pc", "labour", "unemp"), Centred, "state"),
  petersen = list(lm(y ~ x, PetersenCL), c("(Intercept)", "x"), PetersenCL, c("firm", "year")),
  motor = list(lm(mrate ~ 0 + legal + beertaxa + factor(state) + factor(year), Motor), c("legal", "beertaxa"), Motor, "state"),
  motor_weighted = list(lm(mrate ~ 0 + legal + beertaxa + factor(state) + factor(year), Motor, weights = pop), c("legal", "beertaxa"), Motor, "state"))

inverse <- function(m) if (is.null(weights(m))) NULL else 1 / weights(m)
clustered <- function(m, names, data, by) {
  part <- function(v) unname(as.matrix(v)[names, names])
  df <- function(v) {
    tests <- as.data.frame(coef_test(m, vcov = v, test = "Satterthwaite"))
    tests[match(names, rownames(tests)), "df_Satt"]
  }
  cr2 <- vcovCR(m, cluster = data[[by]], type = "CR2")
  out <- list(cr2 = part(cr2), df = df(cr2))
  # (I - H_gg)^-1 does not exist where dummies of the cluster are among the regressors.
  if (!any(grepl(paste0("factor(", by, ")"), names(coef(m)), fixed = TRUE)))
    out$cr3 <- part(vcovCR(m, cluster = data[[by]], type = "CR3"))
  if (!is.null(weights(m))) {
    target <- vcovCR(m, cluster = data[[by]], type = "CR2", target = inverse(m))
    out$cr2_weights <- part(target); out$df_weights <- df(target)
  }
  out
}

res <- list()
for (case in names(models)) {
  m <- models[[case]][[1]]; names <- models[[case]][[2]]; data <- models[[case]][[3]]
  out <- list(coef = unname(coef(m)[names]))
  for (type in c("HC2", "HC3")) out[[type]] <- unname(vcovHC(m, type = type)[names, names])
  for (by in models[[case]][[4]]) out[[by]] <- clustered(m, names, data, by)
  res[[case]] <- out
}

# Poisson: whole billions of output.
m <- glm(round(gsp / 1000) ~ unemp + log(pcap) + factor(state), Produc, family = poisson,
         control = glm.control(epsilon = 1e-14))
names <- c("unemp", "log(pcap)")
res$poisson <- list(HC2 = unname(vcovHC(m, type = "HC2")[names, names]),
                    HC3 = unname(vcovHC(m, type = "HC3")[names, names]),
                    CR3 = unname(as.matrix(vcovCR(m, cluster = Produc$year, type = "CR3"))[names, names]))

# Newey and West's within units; plm lags by position, so that only data without gaps compare.
for (case in list(list("grunfeld", inv ~ value + capital, Grunfeld), list("produc", p, Produc)))
  for (model in c("pooling", "within")) for (lag in c(1, 4)) {
    m <- plm(case[[2]], pdata.frame(case[[3]]), model = model)
    res[[paste("nw", case[[1]], model, lag, sep = "_")]] <- unname(as.matrix(vcovNW(m, maxlag = lag)))
  }

res$versions <- list(R = R.version.string, plm = as.character(packageVersion("plm")),
  sandwich = as.character(packageVersion("sandwich")), clubSandwich = as.character(packageVersion("clubSandwich")))
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "covariances.json"), digits = I(15), auto_unbox = TRUE)
