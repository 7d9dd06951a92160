// How far the graph has followed the journal
// params: {}
MATCH (s:Shop)
RETURN s.id AS shop, coalesce(s.watermark, 0) AS watermark, s.clock AS clock
