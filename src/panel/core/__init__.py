"""The types everything else is built of: frame, formula, design, absorber, estimate, covariance."""
