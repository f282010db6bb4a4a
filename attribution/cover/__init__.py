"""Whether, how much and at whose final cost an insurance policy answers for a case."""
