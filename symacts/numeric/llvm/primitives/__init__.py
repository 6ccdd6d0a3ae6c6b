"""Elementary functions as machine code: short polynomials, fitted by `fits` to `coefficients`."""
