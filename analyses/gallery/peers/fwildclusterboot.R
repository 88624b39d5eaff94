# Wild cluster bootstrap tests by R fwildclusterboot, for the gallery's cases. With ten clusters
# all 2^10 vectors of signs are taken, so that nothing is random.
#   Rscript fwildclusterboot.R   writes fwildclusterboot.json beside this file
suppressPackageStartupMessages(library(fwildclusterboot))
data("Grunfeld", package = "plm")
pooled <- lm(inv ~ value + capital, Grunfeld)
fixed <- lm(inv ~ value + capital + factor(firm), Grunfeld)
test <- function(m, term, r, null) {
  b <- boottest(m, clustid = "firm", param = term, r = r, B = 99999, type = "rademacher", impose_null = null)
  list(statistic = unname(b$t_stat), p_value = b$p_val)
}
res <- list(program = paste("R fwildclusterboot", packageVersion("fwildclusterboot")), grunfeld_wild = list(
  `value = 0, WCR` = test(pooled, "value", 0, TRUE), `value = 0, WCU` = test(pooled, "value", 0, FALSE),
  `capital = 0, WCR` = test(pooled, "capital", 0, TRUE), `capital = 0, WCU` = test(pooled, "capital", 0, FALSE),
  `capital = 0.1, WCR` = test(pooled, "capital", 0.1, TRUE),
  `fixed effects, capital = 0.2, WCR` = test(fixed, "capital", 0.2, TRUE)))
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "fwildclusterboot.json"), digits = I(15), auto_unbox = TRUE, pretty = TRUE)
