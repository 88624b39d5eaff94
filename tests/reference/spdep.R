# Moran's I and local statistics by spdep on Anselin's Columbus data, stored in spdep.json.
suppressMessages({library(spdep); library(spData)})
data(columbus)
w <- nb2listw(col.gal.nb, style = "W")
x <- columbus$CRIME
whole <- moran.test(x, w, alternative = "two.sided")
normal <- moran.test(x, w, randomisation = FALSE, alternative = "two.sided")
result <- list(
  x = x, neighbours = lapply(col.gal.nb, as.integer),
  moran = unname(whole$estimate), p = whole$p.value,
  normal_variance = unname(normal$estimate[3]),
  binary = unname(moran.test(x, nb2listw(col.gal.nb, style = "B"))$estimate),
  local = unname(localmoran(x, w)[, 1]),
  distance = sp::spDistsN1(cbind(c(117.28, 87.62), c(31.86, 43.83)), c(116.41, 39.90), longlat = TRUE)
)
write(jsonlite::toJSON(result, digits = 15, auto_unbox = TRUE), "spdep.json")
