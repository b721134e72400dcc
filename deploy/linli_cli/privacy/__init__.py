"""What a resident may ask for, who may act and who did: data, erasure, keys, the audit log."""
