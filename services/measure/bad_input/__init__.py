"""What a user sees when input is bad or something is away: real cases against real processes."""
