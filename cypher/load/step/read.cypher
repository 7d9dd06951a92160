// Read: step
// params: {}
MATCH (n:Step)
RETURN n.id AS id, n.fingerprint AS fingerprint, n.summary AS summary, n.finished_at AS finished_at
