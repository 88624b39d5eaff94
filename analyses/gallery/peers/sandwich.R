# Covariances by R sandwich and clubSandwich, for the gallery's cases.
#   Rscript sandwich.R   writes sandwich.json beside this file
suppressPackageStartupMessages({library(sandwich); library(clubSandwich)})
data("PetersenCL", package = "sandwich")
m <- lm(y ~ x, PetersenCL)
se <- function(v) setNames(as.list(sqrt(diag(as.matrix(v)))), paste0("se(", names(coef(m)), ")"))
res <- list(program = paste0("R sandwich ", packageVersion("sandwich"), " and clubSandwich ",
                             packageVersion("clubSandwich")))
firm <- PetersenCL$firm; year <- PetersenCL$year
res$petersen <- list(
  HC0 = c(as.list(coef(m)), se(vcovHC(m, type = "HC0"))), HC1 = se(vcovHC(m, type = "HC1")),
  Firm = se(vcovCL(m, cluster = ~firm)), `Firm, HC0` = se(vcovCL(m, cluster = ~firm, cadjust = FALSE, type = "HC0")),
  Year = se(vcovCL(m, cluster = ~year)), `Firm and year` = se(vcovCL(m, cluster = ~firm + year)),
  `Driscoll-Kraay, HC0` = se(vcovPL(m, cluster = ~firm + year, lag = 1, adjust = FALSE)),
  `Firm, CR2` = se(vcovCR(m, cluster = firm, type = "CR2")), `Firm, CR3` = se(vcovCR(m, cluster = firm, type = "CR3")),
  `Year, CR2` = se(vcovCR(m, cluster = year, type = "CR2")))
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "sandwich.json"), digits = I(15), auto_unbox = TRUE, pretty = TRUE)
