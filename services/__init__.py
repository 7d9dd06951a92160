"""What works for users: catalogue, entities, pairs, judging, recall, ranking, feedback, API and command."""
