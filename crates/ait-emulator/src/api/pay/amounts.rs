//! What an amount is made of: taxed part, tax, tax-free part, service fee.

use serde::{Deserialize, Serialize};

use crate::api::{context::Result, form::Form};

/// What an amount is made of. The last four add up to the first; the taxed part is without its tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Amounts {
    /// `amount`
    pub amount: i64,
    /// `amountTaxFree`
    pub tax_free: i64,
    /// `amountTaxable`
    pub taxable: i64,
    /// `amountVat`
    pub vat: i64,
    /// `amountServiceFee`
    pub service_fee: i64,
}

impl Amounts {
    pub(super) fn read(form: &Form<'_, '_>) -> Result<Self> {
        let amount = form.needed("amount", won(form, "amount")?)?;
        let tax_free = form.needed("amountTaxFree", won(form, "amountTaxFree")?)?;
        let taxable = won(form, "amountTaxable")?;
        let vat = won(form, "amountVat")?;
        let service_fee = won(form, "amountServiceFee")?.unwrap_or(0);
        let Some(taxed) = Some(amount - tax_free - service_fee).filter(|taxed| *taxed >= 0) else {
            return form.refuse("amountTaxFree", "is more than the amount, together with the service fee");
        };
        match split(taxed, taxable, vat) {
            Ok((taxable, vat)) => Ok(Self { amount, tax_free, taxable, vat, service_fee }),
            Err(field) => form.refuse(field, "does not add up to the amount with the other parts"),
        }
    }
}

/// A whole amount of won of at most seven digits.
fn won(form: &Form<'_, '_>, name: &str) -> Result<Option<i64>> {
    match form.integer(name)? {
        Some(number) if !(0..=9_999_999).contains(&number) => form.refuse(name, "must be from 0 to 9999999"),
        number => Ok(number),
    }
}

/// An eleventh, rounded up.
const fn tax_of(taxed: i64) -> i64 {
    (taxed + 10) / 11
}

/// Splits what is taxed, its tax included, into the part without the tax, and the tax. Nobody has documented whether the
/// taxed part of a request includes its tax, so that it may or may not. If they do not add up: which one is wrong.
fn split(
    taxed: i64,
    taxable: Option<i64>,
    vat: Option<i64>,
) -> std::result::Result<(i64, i64), &'static str> {
    let vat = vat.unwrap_or(tax_of(taxed));
    if vat > taxed {
        return Err("amountVat");
    }
    match taxable {
        None => Ok((taxed - vat, vat)),
        Some(taxable) if taxable == taxed || taxable + vat == taxed => Ok((taxed - vat, vat)),
        Some(_) => Err("amountTaxable"),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn tax_is_an_eleventh_rounded_up() {
        let vat = |taxed| split(taxed, None, None).unwrap().1;
        assert_eq!([0, 1, 10, 11, 12, 22, 23, 11_000, 60_000].map(vat), [0, 1, 1, 1, 2, 2, 3, 1_000, 5_455]);
    }

    #[test]
    fn the_taxed_part_is_told_without_its_tax() {
        assert_eq!(split(60_000, None, None), Ok((54_545, 5_455)));
        assert_eq!(split(11_000, Some(10_000), Some(1_000)), Ok((10_000, 1_000)));
        assert_eq!(split(11_000, Some(11_000), Some(1_000)), Ok((10_000, 1_000)));
        assert_eq!(split(11_000, Some(11_000), None), Ok((10_000, 1_000)));
        assert_eq!(split(11_000, Some(10_000), None), Ok((10_000, 1_000)));
        assert_eq!(split(11_000, None, Some(500)), Ok((10_500, 500)));
    }

    #[test]
    fn what_does_not_add_up_is_named() {
        assert_eq!(split(11_000, Some(10_000), Some(999)), Err("amountTaxable"));
        assert_eq!(split(11_000, Some(10_001), Some(1_000)), Err("amountTaxable"));
        assert_eq!(split(11_000, Some(11_001), None), Err("amountTaxable"));
        assert_eq!(split(11_000, Some(5_000), None), Err("amountTaxable"));
        assert_eq!(split(11_000, None, Some(11_001)), Err("amountVat"));
    }
}
