"""`linli mediation`: disputes that are talked over with a mediator."""
