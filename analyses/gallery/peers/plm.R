# Static panel models by R plm, for the gallery's cases.
#   Rscript plm.R FOLDER   writes plm.json beside this file
# FOLDER holds wagepan.csv and nlswork.csv, written by export.py beside this file; the other data
# sets are plm's own.
suppressPackageStartupMessages(library(plm))
folder <- commandArgs(TRUE)[1]
data("Grunfeld", package = "plm"); data("Produc", package = "plm"); data("Cigar", package = "plm")
data("Wages", package = "plm"); data("Crime", package = "plm"); data("Gasoline", package = "plm")
data("Hedonic", package = "plm")

numbers <- function(m) {
  s <- sqrt(diag(vcov(m)))
  out <- c(as.list(coef(m)), setNames(as.list(s), paste0("se(", names(coef(m)), ")")))
  r2 <- summary(m)$r.squared
  out$nobs <- nobs(m); out$df_resid <- m$df.residual
  if (is.null(m$ercomp)) {
    out[[if (m$args$model == "within") "rsquared_within" else "rsquared"]] <- unname(r2[1])
    out$rss <- deviance(m)
  } else {
    names <- c(idios = "sigma2_e", id = "sigma2_u", time = "sigma2_time")
    sigma2 <- m$ercomp$sigma2
    for (k in names(sigma2)) out[[names[[k]]]] <- unname(sigma2[[k]])
  }
  out
}
# plm takes unbiased quadratic forms only for unbalanced panels; random.dfcor = 3 asks for them.
random <- function(f, d, method, ...)
  suppressWarnings(plm(f, d, model = "random", random.method = method,
                       random.dfcor = if (method == "nerlove") NULL else 3, ...))
se <- function(m, v) setNames(as.list(sqrt(diag(v))), paste0("se(", names(coef(m)), ")"))

res <- list(program = paste("R plm", packageVersion("plm")))
i <- inv ~ value + capital
res$grunfeld_oneway <- lapply(list(
  OLS = plm(i, Grunfeld, model = "pooling"), Between = plm(i, Grunfeld, model = "between"),
  Within = plm(i, Grunfeld), WALHUS = random(i, Grunfeld, "walhus"),
  AMEMIYA = random(i, Grunfeld, "amemiya"), SWAR = random(i, Grunfeld, "swar"),
  NERLOVE = random(i, Grunfeld, "nerlove")), numbers)
res$grunfeld_twoway <- lapply(list(
  Within = plm(i, Grunfeld, effect = "twoways"),
  WALHUS = random(i, Grunfeld, "walhus", effect = "twoways"),
  AMEMIYA = random(i, Grunfeld, "amemiya", effect = "twoways"),
  SWAR = random(i, Grunfeld, "swar", effect = "twoways")), numbers)
p <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
res$produc <- lapply(list(
  OLS = plm(p, Produc, model = "pooling"), Between = plm(p, Produc, model = "between"),
  Within = plm(p, Produc), SWAR = random(p, Produc, "swar"), WALHUS = random(p, Produc, "walhus"),
  AMEMIYA = random(p, Produc, "amemiya"), FD = plm(p, Produc, model = "fd"),
  TWFE = plm(p, Produc, effect = "twoways"), TWRE = random(p, Produc, "swar", effect = "twoways")),
  numbers)
g <- lgaspcar ~ lincomep + lrpmg + lcarpcap
res$gasoline <- lapply(list(
  OLS = plm(g, Gasoline, model = "pooling"), Between = plm(g, Gasoline, model = "between"),
  Within = plm(g, Gasoline), SWAR = random(g, Gasoline, "swar"),
  WALHUS = random(g, Gasoline, "walhus"), AMEMIYA = random(g, Gasoline, "amemiya")), numbers)
h <- mv ~ crim + zn + indus + chas + nox + rm + age + dis + rad + tax + ptratio + blacks + lstat
Hedonic$chas <- as.numeric(Hedonic$chas == "yes")
towns <- pdata.frame(Hedonic, index = "townid")
res$hedonic <- lapply(list(Within = plm(h, towns), SWAR = plm(h, towns, model = "random"),
  WALHUS = plm(h, towns, model = "random", random.method = "walhus")), numbers)
Cigar <- transform(Cigar, c = log(sales * pop / pop16), rp = log(price / cpi * 100),
                   rpn = log(pimin / cpi * 100), rdi = log(ndi / cpi))
d <- c ~ lag(c) + rp + rpn + rdi
states <- pdata.frame(Cigar, index = c("state", "year"))
res$cigar <- lapply(lapply(list(OLS = plm(d, states, model = "pooling"), FE = plm(d, states),
  TWFE = plm(d, states, effect = "twoways")), numbers),
  function(m) setNames(m, sub("lag(c)", "L(c, 1)", names(m), fixed = TRUE)))

# Crime: region dummies and smsa as numbers, so that terms have the same names everywhere.
Crime <- transform(Crime, west = as.numeric(region == "west"), central = as.numeric(region == "central"),
                   urban = as.numeric(smsa == "yes"))
laws <- "lprbarr + lprbconv + lprbpris + lavgsen + lpolpc + ldensity + lwcon + lwtuc + lwtrd + lwfir + lwser + lwmfg + lwfed + lwsta + lwloc + lpctymle"
k <- as.formula(paste("lcrmrte ~", laws, "+ lpctmin + west + central + urban"))
res$crime <- lapply(list(Between = plm(k, Crime, model = "between"),
                         `Two-way FE` = plm(k, Crime, effect = "twoways")), numbers)
k2 <- as.formula(paste("lcrmrte ~", laws, "| . - lprbarr - lpolpc + ltaxpc + lmix"))
res$crime$`Two-way FE2SLS` <- numbers(plm(k2, Crime, effect = "twoways"))[seq_len(34)]

# Hausman and Taylor
for (v in c("south", "smsa", "married", "bluecol", "union", "black"))
  Wages[[v]] <- as.numeric(Wages[[v]] == "yes")
Wages$female <- as.numeric(Wages$sex == "female"); Wages$exp2 <- Wages$exp^2
w <- lwage ~ wks + south + smsa + married + exp + exp2 + bluecol + ind + union + female + black + ed |
  bluecol + south + smsa + ind + female + black | wks + married + union + exp + exp2
people <- pdata.frame(Wages, index = 595)
ht <- function(kind) plm(w, people, model = "random", random.method = "ht", inst.method = kind)
res$wages <- lapply(list(GLS = random(formula(Formula::Formula(w), rhs = 1), people, "swar"),
  Within = plm(formula(Formula::Formula(w), rhs = 1), people), HT = ht("baltagi"), AM = ht("am"), BMS = ht("bms")), numbers)

# Covariances
pool <- plm(i, Grunfeld, model = "pooling")
res$grunfeld_pooled_robust <- list(
  cluster_firm = se(pool, vcovHC(pool)), cluster_year = se(pool, vcovHC(pool, cluster = "time")),
  two_way = se(pool, vcovDC(pool)), white = se(pool, vcovHC(pool, method = "white1")),
  scc_default = se(pool, vcovSCC(pool)), scc_4 = se(pool, vcovSCC(pool, maxlag = 4)),
  newey_west_4 = se(pool, vcovNW(pool, maxlag = 4)))

# Dependence between units
dependence <- function(f, d) {
  test <- function(kind, ...) { h <- pcdtest(f, data = d, test = kind, ...); list(statistic = unname(h$statistic)) }
  list(`FE, LM` = test("lm", model = "within"), `FE, scaled LM` = test("sclm", model = "within"),
       `FE, CD` = test("cd", model = "within"), `Each apart, LM` = test("lm"),
       `Each apart, scaled LM` = test("sclm"), `Each apart, CD` = test("cd"))
}
res$grunfeld_dependence <- dependence(i, Grunfeld)
res$produc_dependence <- dependence(p, Produc)

# Textbook data
wagepan <- read.csv(file.path(folder, "wagepan.csv"))
years <- paste0("d", 81:87, collapse = " + ")
f <- as.formula(paste("lwage ~ educ + black + hisp + exper + expersq + married + union +", years))
fe <- as.formula(paste("lwage ~ expersq + married + union +", years))
men <- pdata.frame(wagepan, index = c("nr", "year"))
res$wagepan_ex14_4 <- lapply(list(OLS = plm(f, men, model = "pooling"),
  RE = plm(f, men, model = "random"), FE = plm(fe, men)), numbers)
nlswork <- read.csv(file.path(folder, "nlswork.csv"))
n <- ln_wage ~ grade + age + age2 + ttl_exp + ttl_exp2 + tenure + tenure2 + black + not_smsa + south
women <- pdata.frame(nlswork, index = c("idcode", "year"))
res$nlswork <- lapply(list(Between = plm(n, women, model = "between"),
  FE = plm(update(n, . ~ . - grade - black), women)), numbers)

here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "plm.json"), digits = I(15), auto_unbox = TRUE, pretty = TRUE)
cat(names(res), sep = "\n")
