"""One file per covariance: a frozen value that turns an Estimate into a Cov."""
