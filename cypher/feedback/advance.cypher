// The graph has followed the journal up to here; the shop's clock is its latest event's time
// params: {"watermark": 12, "now": 1767225600000}
MATCH (s:Shop)
SET s.watermark = $watermark,
    s.now = $now
