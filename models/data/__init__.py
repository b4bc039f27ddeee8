"""Motion clips, bar grids, prepared data."""
