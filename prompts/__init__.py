"""Asks the model. Prompt texts, the schemas a model must answer in, and the only module that imports openai."""
