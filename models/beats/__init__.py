"""The beat network: training data, network, training and export. What plays live is megadance_live.music.beat_net."""
