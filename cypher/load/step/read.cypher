// What each step of the run did last, and from which inputs
// params: {}
MATCH (n:Step)
RETURN n.id AS id, n.fingerprint AS fingerprint, n.summary AS summary, n.finished_at AS finished_at
