"""A partnership's policy: the model, and the strict loader of its one YAML file a version."""
