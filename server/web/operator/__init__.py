"""/operator: the pages of whoever runs this server. Without CLAUSEWATCH_OPERATOR_PASSWORD they do not exist."""
