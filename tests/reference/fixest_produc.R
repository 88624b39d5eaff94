# Standard errors by R fixest 0.14.2, for the tests of tests/inference/.
# Rscript fixest_produc.R   writes fixest_produc.json beside this file.
suppressPackageStartupMessages({library(fixest)})
data("Produc", package = "plm")
models <- list(
  state = feols(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp | state, Produc, panel.id = ~state + year),
  state_year = feols(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp | state + year, Produc, panel.id = ~state + year))
errors <- function(m) {
  se <- function(...) unname(sqrt(diag(vcov(m, ...))))
  list(iid = se(vcov = "iid"), hetero = se(vcov = "hetero"), cluster_state = se(vcov = ~state),
       cluster_state_year = se(vcov = ~state + year), DK2 = se(vcov = DK(2) ~ year),
       NW2 = se(vcov = NW(2) ~ state + year), cluster_region_full = se(vcov = ~region, ssc = ssc(K.fixef = "full")))
}
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(lapply(models, errors), file.path(dirname(here), "fixest_produc.json"), digits = I(15), auto_unbox = TRUE)
