"""What people see: values in, blocks out. No view decides; what a person typed is escaped on its way in."""
