"""Documents about a case, all written from one document model."""
