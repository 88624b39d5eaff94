# Principal components and varimax rotation in R 4.2.2, for tests/indices/test_components.py.
here <- "tests/reference/indices"
data <- read.csv(file.path(here, "tai.csv"), row.names = "country")
found <- eigen(cor(data))
loadings <- found$vectors[, 1:4] %*% diag(sqrt(found$values[1:4]))
rotated <- unclass(varimax(loadings, normalize = TRUE, eps = 1e-14)$loadings)
scores <- prcomp(data, scale. = TRUE)$x[, 1:2]
cat(jsonlite::toJSON(list(values = found$values, rotated = rotated, scores = scores), digits = NA),
    "\n", file = file.path(here, "rotation.json"))
