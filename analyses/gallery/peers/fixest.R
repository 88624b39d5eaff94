# Standard errors by R fixest, for the gallery's cases.
#   Rscript fixest.R   writes fixest.json beside this file
suppressPackageStartupMessages(library(fixest))
data("Produc", package = "plm")
fit <- function(effects) feols(as.formula(paste(
  "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp |", effects)), Produc, panel.id = ~state + year)
errors <- function(m, label) {
  se <- function(...) setNames(as.list(sqrt(diag(vcov(m, ...)))), paste0("se(", names(coef(m)), ")"))
  out <- list(iid = c(as.list(coef(m)), se(vcov = "iid")), hetero = se(vcov = "hetero"), state = se(vcov = ~state),
    `state and year` = se(vcov = ~state + year), DK = se(vcov = DK(2) ~ year), NW = se(vcov = NW(2) ~ state + year),
    `region, all effects` = se(vcov = ~region, ssc = ssc(K.fixef = "full")))
  setNames(out, paste0(label, ": ", names(out)))
}
res <- list(program = paste("R fixest", packageVersion("fixest")),
            produc = c(errors(fit("state"), "State"), errors(fit("state + year"), "State, year")))
here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
jsonlite::write_json(res, file.path(dirname(here), "fixest.json"), digits = I(15), auto_unbox = TRUE, pretty = TRUE)
