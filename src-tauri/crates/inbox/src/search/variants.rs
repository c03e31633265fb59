//! Letters of Chinese that are written in more than one way, and mean the same: what people type is not
//! always what the market wrote, such as 台北 for 臺北.
//!
//! Variants that are usual in Taiwan, and the shapes that other regions' fonts and input methods give the same
//! letter. Simplified Chinese is a writing of its own and not among them.

/// Each with the usual one that stands for it.
#[rustfmt::skip]
const VARIANTS: [(char, char); 58] = [
    ('佈', '布'), ('佔', '占'), ('傢', '家'), ('兑', '兌'), ('内', '內'), ('劵', '券'), ('卧', '臥'),
    ('吴', '吳'), ('啓', '啟'), ('喫', '吃'), ('廻', '迴'), ('强', '強'), ('恒', '恆'), ('户', '戶'),
    ('托', '託'), ('敎', '教'), ('昇', '升'), ('枱', '台'), ('檯', '台'), ('汙', '污'), ('温', '溫'),
    ('滙', '匯'), ('烟', '煙'), ('爲', '為'), ('牀', '床'), ('産', '產'), ('盃', '杯'), ('盪', '蕩'),
    ('着', '著'), ('祕', '秘'), ('税', '稅'), ('竈', '灶'), ('粧', '妝'), ('糉', '粽'), ('紮', '扎'),
    ('絶', '絕'), ('綫', '線'), ('緑', '綠'), ('罎', '罈'), ('羣', '群'), ('脣', '唇'), ('臺', '台'),
    ('舖', '鋪'), ('菓', '果'), ('菸', '煙'), ('衞', '衛'), ('裏', '裡'), ('説', '說'), ('踪', '蹤'),
    ('週', '周'), ('鄕', '鄉'), ('録', '錄'), ('鑒', '鑑'), ('顔', '顏'), ('颱', '台'), ('鷄', '雞'),
    ('麪', '麵'), ('黄', '黃'),
];

/// The usual one of a letter's variants; most letters have none.
pub(super) fn usual(char: char) -> char {
    let found = VARIANTS.binary_search_by_key(&char, |(variant, _)| *variant);
    found.map_or(char, |at| VARIANTS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_searched_and_leads_in_one_step() {
        assert!(VARIANTS.is_sorted_by(|(one, _), (next, _)| one < next), "{VARIANTS:?}");
        for (variant, stands_for) in VARIANTS {
            assert_eq!((usual(variant), usual(stands_for)), (stands_for, stands_for));
        }
        assert_eq!(usual('茶'), '茶');
    }
}
