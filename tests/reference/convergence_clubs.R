# Output of the R package ConvergenceClubs (Sichera and Pizzuto), stored in convergence_clubs.json.
# Run as Rscript convergence_clubs.R sumhes.csv functions.R, where the second file holds the
# functions computeH, estimateMod, ps_andrews_hac, coreG, club and findClubs of the package's
# repository (rhobis/ConvergenceClubs, commit 7516ccd and those before it), and the table is plm's
# SumHes in wide form: a row a country, log(gdp) of 1960 to 1985.
# FQSB is the estimator of Phillips and Sul's own programs, AQSB that of sandwich::vcovHAC.
given <- commandArgs(TRUE)
source(given[2])
table <- read.csv(given[1], check.names = FALSE)
columns <- 2:27
result <- list()
for (hac in c("FQSB", "AQSB")) {
  whole <- estimateMod(computeH(table[, columns]), 1/3, hac)
  clubs <- findClubs(table, columns, refCol = 27, time_trim = 1/3, cstar = 0, HACmethod = hac)
  result[[hac]] <- list(
    whole = lapply(whole, unname),
    clubs = lapply(clubs, function(c) list(
      members = table[c$id, 1], beta = unname(c$model$beta), t = unname(c$model$tvalue)))
  )
}
write(jsonlite::toJSON(result, digits = 15, auto_unbox = TRUE, pretty = TRUE),
      "convergence_clubs.json")
