# Tests on panels by R plm, lmtest and car, for tests/diagnostics/.
# Rscript panel_tests.R   writes panel_tests.json beside this file.
suppressPackageStartupMessages({library(plm); library(lmtest); library(car); library(sandwich)})

out <- function(t) list(stat = unname(t$statistic), p = unname(t$p.value), df = unname(t$parameter))
data("Grunfeld", package = "plm"); data("Produc", package = "plm"); data("EmplUK", package = "plm")
data("Wages", package = "plm")
res <- list()
cases <- list(
  grunfeld = list(inv ~ value + capital, Grunfeld, c("firm", "year")),
  grunfeld199 = list(inv ~ value + capital, Grunfeld[1:199, ], c("firm", "year")),
  produc = list(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, Produc, c("state", "year")),
  empluk = list(log(emp) ~ log(wage) + log(capital), EmplUK, c("firm", "year")))

# xtserial of Stata, written out: lm in changes, lm of its residuals on last year's, clustered.
xtserial <- function(f, d, index) {
  frame <- model.frame(f, as.data.frame(d)); mm <- model.matrix(f, frame)[, -1]
  all <- cbind(y = model.response(frame), mm)
  unit <- as.character(d[[index[1]]]); year <- as.integer(as.character(d[[index[2]]]))
  last <- match(paste(unit, year - 1), paste(unit, year))
  change <- all - all[last, ]; ok <- complete.cases(change)
  u <- rep(NA, nrow(all)); u[ok] <- lm(change[ok, 1] ~ 0 + change[ok, -1])$residuals
  aux <- data.frame(u = u, lag = u[last], unit = unit); aux <- aux[complete.cases(aux), ]
  m <- lm(u ~ 0 + lag, aux); v <- vcovCL(m, cluster = aux$unit, type = "HC1")
  list(stat = unname((coef(m) + 0.5)^2 / v[1, 1]), df = length(unique(aux$unit)) - 1, slope = unname(coef(m)))
}

for (name in names(cases)) {
  case <- cases[[name]]; f <- case[[1]]; d <- pdata.frame(case[[2]], index = case[[3]])
  pooled <- plm(f, d, model = "pooling"); fe <- plm(f, d, model = "within")
  r <- list()
  # effects
  for (effect in c("individual", "time", "twoways")) {
    for (type in c("bp", "honda", "kw")) r$lm[[effect]][[type]] <- out(plmtest(pooled, effect = effect, type = type))
    r$f[[effect]] <- out(pFtest(plm(f, d, model = "within", effect = effect), pooled))
  }
  r$lm$twoways$ghm <- out(plmtest(pooled, effect = "twoways", type = "ghm"))
  r$f_year_given_unit <- out(pFtest(plm(f, d, model = "within", effect = "twoways"), fe))
  # serial correlation
  for (type in c("ar", "re", "j")) r$bsy[[type]] <- out(pbsytest(pooled, test = type))
  r$bsy$re_two_sided <- out(pbsytest(pooled, test = "re", re.normal = FALSE))
  r$wooldridge <- xtserial(f, d, case[[3]])
  # functional form, collinearity
  flat <- case[[2]]; flat$region <- factor(flat[[case[[3]][1]]])
  l <- lm(f, flat); ldv <- lm(update(f, . ~ . + region), flat); mm <- model.matrix(l)
  for (p in list(2, 2:3)) {
    name_ <- paste0("p", paste(p, collapse = ""))
    # Fitted values are centred, or their powers are collinear with the dummies; the span is the same.
    r$reset[[name_]] <- out(resettest(l, power = p, type = "fitted"))
    z <- scale(fitted(ldv)); extra <- sapply(p, function(k) z^k)
    r$reset_dummies[[name_]] <- waldtest(ldv, update(ldv, . ~ . + extra))[2, c("F", "Pr(>F)")]
  }
  r$vif <- as.list(vif(l))
  r$kappa <- kappa(scale(mm, center = FALSE, scale = sqrt(colSums(mm^2))), exact = TRUE)
  # dependence between regions
  for (test in c("lm", "sclm", "cd", "rho", "absrho"))
    r$cd[[test]] <- out(suppressWarnings(pcdtest(fe, test = test)))
  # Hausman
  re <- plm(f, d, model = "random")
  r$hausman <- out(phtest(fe, re))
  plain <- model.frame(f, as.data.frame(d)); names(plain) <- c("y", paste0("x", seq_len(ncol(plain) - 1)))
  plain <- pdata.frame(cbind(as.data.frame(d)[, case[[3]]], plain), index = case[[3]])
  r$aux <- out(phtest(reformulate(setdiff(names(plain), c("y", case[[3]])), "y"), plain, method = "aux"))
  if (name == "grunfeld") {
    both <- lapply(c("within", "random"), function(m) plm(f, d, model = m, effect = "twoways"))
    r$hausman_twoways <- out(phtest(both[[1]], both[[2]]))
    r$hausman_between <- out(phtest(plm(f, d, model = "between"), re))
  }
  res[[name]] <- r
}

w <- lwage ~ wks + south + smsa + married + exp + I(exp^2) + bluecol + ind + union + sex + black + ed |
  bluecol + south + smsa + ind + sex + black | wks + married + union + exp + I(exp^2)
wages <- pdata.frame(Wages, index = 595)
ht <- plm(w, wages, model = "random", random.method = "ht", inst.method = "baltagi")
am <- plm(w, wages, model = "random", random.method = "ht", inst.method = "am")
within <- plm(lwage ~ wks + south + smsa + married + exp + I(exp^2) + bluecol + ind + union, wages, model = "within")
res$wages <- list(fe_ht = out(phtest(within, ht)), ht_am = out(phtest(ht, am)))

# Hypotheses and functions of coefficients, by car.
p <- lm(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, Produc)
v <- vcovCL(p, cluster = Produc$state, type = "HC1")
names(p$coefficients) <- rownames(v) <- colnames(v) <- c("b0", "pcap", "pc", "emp", "unemp")
joint <- function(h, v) { t <- linearHypothesis(p, h, vcov. = v, test = "Chisq")
                          list(chi2 = t[2, "Chisq"], q = t[2, "Df"]) }
hypotheses <- list(a = "pcap = 0", b = c("pcap = 0", "unemp = 0"), c = "pcap + pc + emp = 1",
                   d = c("pc = 2 * pcap", "emp - pc = 0.3"))
functions <- c("pcap / pc", "exp(unemp) - 1", "(1 - pc - emp)^2", "log(emp) * sqrt(pc)", "-pc / (2 * unemp)")
res$hypotheses <- list(wald = lapply(hypotheses, joint, v = v), wald_iid = lapply(hypotheses, joint, v = vcov(p)[1:5, 1:5]),
  delta = lapply(setNames(functions, functions), function(g) { d <- deltaMethod(p, g, vcov. = v); c(d$Estimate, d$SE) }))

here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
res$versions <- list(R = R.version.string, plm = as.character(packageVersion("plm")),
                     lmtest = as.character(packageVersion("lmtest")), car = as.character(packageVersion("car")),
                     sandwich = as.character(packageVersion("sandwich")))
jsonlite::write_json(res, file.path(dirname(here), "panel_tests.json"), digits = I(15), auto_unbox = TRUE)
