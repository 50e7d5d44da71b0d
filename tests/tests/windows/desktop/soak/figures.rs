//! What a series of figures says.

/// The middle one.
pub(super) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How much the figures grow from the first to the last of these times: the median of all slopes between two of them,
/// so that a garbage collection here and there says nothing.
pub(super) fn growth(series: &[(f64, f64)]) -> f64 {
    let mut slopes = Vec::new();
    for (at, (t1, y1)) in series.iter().enumerate() {
        slopes.extend(series[at + 1..].iter().map(|(t2, y2)| (y2 - y1) / (t2 - t1)));
    }
    match (series.first(), series.last()) {
        (Some((from, _)), Some((to, _))) if series.len() > 1 => median(slopes) * (to - from),
        _ => f64::NAN,
    }
}

#[test]
fn growth_does_not_mind_a_few_odd_figures() {
    let line: Vec<_> = (0..20).map(|t| (f64::from(t), 100.0 + f64::from(t))).collect();
    assert!((growth(&line) - 19.0).abs() < 1e-9);
    let mut odd = line.clone();
    odd[3].1 = 500.0;
    odd[17].1 = 0.0;
    assert!((growth(&odd) - 19.0).abs() < 1.0);
    assert!(growth(&[(0.0, 1.0)]).is_nan());
    assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
}
