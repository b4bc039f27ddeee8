"""After the model: root, foot lock, leash, limits, inertialised switches, drawing."""
